package org.corestack.sql;

import org.jspecify.annotations.Nullable;

/**
 * A document as the columns of a table hold it.
 *
 * @param doc its JSON
 * @param longs which of the small integers in it are 64 bit ones, null where none is
 */
public record StoredJson(String doc, @Nullable String longs) {}
