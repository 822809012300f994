package org.corestack.sqlite;

import org.corestack.sql.CommitSignal;
import org.corestack.sql.JsonCodec;

/**
 * What the parts of an engine share.
 *
 * @param file the file
 * @param identity which file that was when it was opened
 * @param fileId its random identifier
 * @param source the client's source identifier
 * @param codec documents as JSON
 * @param dialect values in SQL
 * @param catalog which collections there are
 * @param reads the connections that read
 * @param writer the one that writes
 * @param transactions those of callers
 * @param signal wakes those who wait for commits
 */
record Database(
        SqliteFile file,
        FileIdentity identity,
        String fileId,
        String source,
        JsonCodec codec,
        SqliteDialect dialect,
        Catalog catalog,
        ReadPool reads,
        Writer writer,
        Transactions transactions,
        CommitSignal signal) {}
