package org.corestack.postgresql;

import org.corestack.sql.JsonCodec;

/**
 * What the parts of an engine share.
 *
 * @param pool the connections
 * @param codec documents as JSON
 * @param source the client's source identifier
 * @param signals tell those who wait for commits
 */
record Database(Pool pool, JsonCodec codec, String source, CommitSignals signals) {
    /** Values of a store in SQL. */
    PostgresDialect dialect(StoreName store) {
        return new PostgresDialect(codec, store);
    }
}
