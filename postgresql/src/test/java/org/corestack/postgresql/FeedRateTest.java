package org.corestack.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.corestack.postgresql.Engines.C;
import static org.corestack.postgresql.Engines.c;
import static org.corestack.postgresql.Engines.now;
import static org.corestack.postgresql.Engines.put;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.ChangeReader.Batch;
import org.corestack.store.spi.ChangeReader.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** What a feed costs: bounds on counts, which a slow machine only makes easier to keep. */
class FeedRateTest extends EngineTest {
    private static final int WRITES = 400;

    @BeforeEach
    void begin() {
        put(c(engine), "first", 0);
    }

    /** Each NOTIFY wakes every process that listens; one for each write would keep them all busy. */
    @Test
    void aBurstOfWritesIsToldByFewNotices() throws SQLException {
        try (Connection listening = Server.connect(database);
                Statement statement = listening.createStatement()) {
            statement.execute("LISTEN " + Listener.CHANNEL);
            long begun = System.nanoTime();
            for (int i = 0; i < WRITES; i++) {
                put(c(engine), "k" + i, i);
            }
            AtomicInteger notices = new AtomicInteger();
            await().until(() -> take(listening, notices) && notices.get() > 0);
            pass(Duration.ofMillis(100)); // a chance for more
            take(listening, notices);
            long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
            assertThat((long) notices.get())
                    .isLessThanOrEqualTo(millis / 20 + 2)
                    .isLessThan(WRITES);
        }
    }

    private static boolean take(Connection listening, AtomicInteger notices) throws SQLException {
        notices.addAndGet(listening.unwrap(PGConnection.class).getNotifications(10).length);
        return true;
    }

    @Test
    void aFeedAtRestAsksSeldom() throws Exception {
        try (ChangeReader reader = c(engine).changes().open(now(c(engine)))) {
            Future<Outcome> waiting = threads.submit(() -> reader.next(C, Duration.ofSeconds(60)));
            pass(Duration.ofSeconds(2)); // until it has slowed down, and the server has counted what was before
            long before = transactions();
            long begun = System.nanoTime();
            pass(Duration.ofSeconds(3));
            long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds() + 1;
            assertThat(transactions() - before)
                    .as("some 4 a second, and those of others")
                    .isLessThan(20 * seconds);
            assertThat(waiting).isNotDone();
        }
    }

    @Test
    void aFeedUnderLoadDoesNotAskForEachWrite() throws Exception {
        AtomicInteger heard = new AtomicInteger();
        AtomicInteger batches = new AtomicInteger();
        try (ChangeReader reader = c(engine).changes().open(now(c(engine)))) {
            long begun = System.nanoTime();
            threads.execute(() -> {
                while (heard.get() < WRITES) {
                    int some = ((Batch) reader.next(C, Duration.ofSeconds(1)))
                            .changes()
                            .size();
                    batches.addAndGet(some == 0 ? 0 : 1);
                    heard.addAndGet(some);
                }
            });
            for (int i = 0; i < WRITES; i++) {
                put(c(engine), "k" + i, i);
            }
            await().until(() -> heard.get() == WRITES);
            long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
            assertThat((long) batches.get()).isLessThanOrEqualTo(millis / 8 + 2).isLessThan(WRITES);
        }
    }

    private static void pass(Duration time) {
        await().pollDelay(time).atMost(time.multipliedBy(10)).until(() -> true);
    }

    private long transactions() {
        return Long.parseLong(
                Server.query(database, "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"));
    }
}
