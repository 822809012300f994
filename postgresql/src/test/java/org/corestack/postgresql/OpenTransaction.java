package org.corestack.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.sql.DoubleForm;
import org.corestack.sql.JsonCodec;
import org.corestack.store.spi.Deadline;

/** A transaction that the test holds open, in which the engine's own statements run. */
final class OpenTransaction implements AutoCloseable {
    private static final CollectionName C = new CollectionName(new StoreName("s"), "c");

    private final Connection connection;
    private final Session session;

    OpenTransaction(String database) throws SQLException {
        connection = Server.connect(database);
        connection.setAutoCommit(false);
        session = new Session(
                connection, new Backend(), Session.Bound.SERVER, Deadline.in(Duration.ofMinutes(2)), "a test");
    }

    /** Inserts a document, with its row of the log, and does not commit. */
    Written insert(Object key) throws SQLException {
        return write(new Write.Insert(Key.of(key), Document.of("v", 1)));
    }

    Written write(Write write) throws SQLException {
        JsonCodec codec = new JsonCodec(DoubleForm.PLAIN);
        Written written = new DocumentWrite(C, codec, new PostgresDialect(codec, C.store()), "other", write)
                .in(session)
                .written();
        if (written == null) {
            throw new AssertionError("the write of " + write.key() + " was refused");
        }
        return written;
    }

    Connection connection() {
        return connection;
    }

    void commit() throws SQLException {
        connection.commit();
    }

    @Override
    public void close() throws SQLException {
        connection.rollback();
        connection.close();
    }
}
