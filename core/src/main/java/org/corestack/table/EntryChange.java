package org.corestack.table;

import java.time.Instant;
import org.corestack.document.Change.Operation;
import org.corestack.document.Position;
import org.jspecify.annotations.Nullable;

/**
 * One change of one entry, as a watch delivers it.
 *
 * @param key which entry
 * @param operation what happened to it
 * @param before the entry as it was before the change, where exact images were asked for; null before an insert, and
 *     where they were not
 * @param value the entry as it was when the change was read: never older than the change, possibly newer; null after
 *     a delete, where it is gone since, and where only keys were asked for. Where exact images were asked for, the
 *     entry right after the change
 * @param version the version that the change gave the entry; for a delete, that of the deletion
 * @param time the database's time of the change
 * @param source the source identifier of the client that made it; null where the engine can't say
 * @param position the place behind this change, to resume from
 */
public record EntryChange<K, E>(
        K key,
        Operation operation,
        @Nullable E before,
        @Nullable E value,
        long version,
        Instant time,
        @Nullable String source,
        Position position) {}
