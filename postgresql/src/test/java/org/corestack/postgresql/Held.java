package org.corestack.postgresql;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;

/** Holds back every commit that changes a collection, right before it takes effect, until it is let go. */
final class Held implements AutoCloseable {
    private static final long LOCK = 4711;

    private final String database;
    private final Connection connection;

    /** Of the collection {@code s.c}, which has to be there. */
    Held(String database) throws SQLException {
        this.database = database;
        Server.run(
                database,
                "CREATE OR REPLACE FUNCTION s.hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " PERFORM pg_advisory_xact_lock_shared(" + LOCK + "); RETURN NULL; END $$",
                "CREATE CONSTRAINT TRIGGER hold AFTER INSERT OR UPDATE OR DELETE ON s.c DEFERRABLE INITIALLY DEFERRED"
                        + " FOR EACH ROW EXECUTE FUNCTION s.hold()");
        connection = Server.connect(database);
        Server.query(connection, "SELECT pg_advisory_lock(" + LOCK + ")");
    }

    /** Waits until so many wait for a lock of any kind. */
    static void awaitBlocked(String database, int count) {
        await().until(() -> Integer.parseInt(Server.query(
                        database,
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND wait_event_type = 'Lock'"))
                == count);
    }

    /** Lets it go, and waits until nobody waits any more. */
    void letGo() throws SQLException {
        Server.query(connection, "SELECT pg_advisory_unlock(" + LOCK + ")");
        awaitBlocked(database, 0);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
