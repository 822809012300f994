package org.corestack.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.corestack.postgresql.Engines.c;
import static org.corestack.postgresql.Engines.now;
import static org.corestack.postgresql.Engines.put;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.corestack.document.Position;
import org.corestack.store.spi.ChangeReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a crash the server gives numbers of transactions again of which nothing had lasted. */
class CrashTest {
    private static final int LOST = 40;

    @TempDir
    Path folder;

    @Test
    void numbersThatAreGivenAgainAfterACrashAreHeardOf() throws Exception {
        try (KillableServer server = new KillableServer(folder)) {
            Server.run(
                    server.port(),
                    "postgres",
                    "ALTER SYSTEM SET wal_writer_delay = '10s'",
                    "ALTER SYSTEM SET autovacuum = off",
                    "SELECT pg_reload_conf()");
            try (PostgresEngine engine = Engines.open(server.uri())) {
                Position written = put(c(engine), "first", 0).position();
                long before = lastNumber(server);
                List<Position> places = new ArrayList<>();
                try (ChangeReader reader = c(engine).changes().open(written)) {
                    rollBack(server);
                    places.add(now(c(engine)));
                    reader.next(Engines.C, Duration.ofMillis(20));
                    places.add(((ChangeReader.Batch) reader.next(Engines.C, Duration.ofMillis(20))).upTo());
                }
                server.kill();
                server.startAgain();
                assertThat(lastNumber(server)).as("numbers are given again").isLessThan(before + LOST);
                List<Object> keys = new ArrayList<>();
                for (int i = 0; i < LOST; i++) {
                    int number = i;
                    await().ignoreExceptions().until(() -> put(c(engine), number, number) != null);
                    keys.add((long) i);
                }
                for (Position place : places) {
                    assertThat(heard(engine, place)).as("behind %s", place).containsAll(keys);
                }
            }
        }
    }

    private static List<Object> heard(PostgresEngine engine, Position from) {
        List<Object> heard = new ArrayList<>();
        try (ChangeReader reader = c(engine).changes().open(from)) {
            boolean more = true;
            while (more || heard.isEmpty()) {
                ChangeReader.Batch batch = (ChangeReader.Batch) reader.next(Engines.C, Duration.ofMillis(100));
                batch.changes()
                        .forEach(change -> heard.add(change.change().key().value()));
                more = batch.more();
            }
        }
        return heard;
    }

    private static Connection connect(KillableServer server) throws Exception {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres", "postgres", "");
    }

    private static long lastNumber(KillableServer server) throws Exception {
        try (Connection connection = connect(server)) {
            return Long.parseLong(Server.query(connection, "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"));
        }
    }

    /** Transactions that have numbers and leave nothing. */
    private static void rollBack(KillableServer server) throws Exception {
        try (Connection connection = connect(server)) {
            connection.setAutoCommit(false);
            for (int i = 0; i < LOST; i++) {
                Server.query(connection, "SELECT pg_current_xact_id()::text");
                connection.rollback();
            }
        }
    }
}
