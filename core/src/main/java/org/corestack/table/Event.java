package org.corestack.table;

import java.time.Instant;
import org.corestack.document.Change;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.jspecify.annotations.Nullable;

/**
 * A change as it is logged, without what is secret.
 *
 * @param path the names of store and collection
 * @param key which document
 * @param operation what happened to it
 * @param version the version that the change gave it
 * @param time the database's time of the change
 * @param source who made it; null where the engine can't say
 * @param position the place behind it
 * @param before what was there before, where that is kept
 * @param document what is there; null if nothing is
 * @param text how the type wants it to be told; null if it has no wish
 * @param unreadable whether the documents don't fit the type, so that nobody can say what is secret in them
 */
record Event(
        String path,
        Key key,
        Change.Operation operation,
        long version,
        Instant time,
        @Nullable String source,
        Position position,
        @Nullable Document before,
        @Nullable Document document,
        @Nullable String text,
        boolean unreadable) {}
