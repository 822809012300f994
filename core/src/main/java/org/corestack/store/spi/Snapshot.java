package org.corestack.store.spi;

import org.corestack.document.Position;

/**
 * A list with its position.
 *
 * @param position where a watch continues the list
 * @param documents the list, in the order of the keys
 */
public record Snapshot(Position position, Cursor documents) {}
