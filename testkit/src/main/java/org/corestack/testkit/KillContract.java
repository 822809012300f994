package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.corestack.document.Change;
import org.corestack.document.Change.Operation;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.Written;
import org.corestack.store.ClientOptions;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;
import org.corestack.store.Watch;
import org.corestack.store.WatchListener;
import org.corestack.store.WatchOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What must hold where processes are killed, as a test: a process that writes documents by themselves and several in a
 * transaction, another that watches and each time resumes where it was, and the database's server, if it has one, are
 * killed in turn, at random moments. Every confirmed write is heard, in order, by the watcher that resumes and by one
 * that lives through all of it.
 *
 * <p>Other processes have to be able to open the database. The system property {@code corestack.test.kills} says how
 * many there are in all, 6 by default.
 */
@ExtendWith(NoThreadsLeft.class)
public abstract class KillContract {
    private static final int KILLS = Integer.getInteger("corestack.test.kills", 6);
    private static final String STORE = "contract";
    private static final WatchOptions KEYS = WatchOptions.ofDefaults().withKeysOnly();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** For subclasses. */
    protected KillContract() {}

    /** The URI of a database that is new and empty. */
    protected abstract String freshDatabase();

    /**
     * Kills the database's server without a word and starts it again, on the same data and under the same URI.
     *
     * @return false where there is none, as here
     */
    protected boolean killServer() {
        return false;
    }

    @Test
    void nothingConfirmedIsLostWhoeverIsKilled() {
        String uri = freshDatabase();
        Seeds.run(1, random -> {
            ClientOptions options = ClientOptions.ofDefaults().withSource("steady");
            try (StoreClient client = StoreClient.open(uri, options)) {
                new Run(uri, client.store(STORE).collection("killed" + Integer.toHexString(random.nextInt())), random)
                        .run();
            }
        });
    }

    private final class Run {
        private final String uri;
        private final StoreCollection collection;
        private final Random random;
        private final FeedHistory history;
        private final FeedObserver resuming;
        private Position from;
        private int writers;

        Run(String uri, StoreCollection collection, Random random) {
            this.uri = uri;
            this.collection = collection;
            this.random = random;
            this.history = FeedHistory.of(collection);
            this.resuming = history.observer("the watcher that is killed", KEYS);
            this.from = collection.position();
        }

        void run() throws Exception {
            FeedObserver steady = history.observer("the watcher that lives", KEYS);
            OtherProcess writer = writer();
            OtherProcess watcher = watcher();
            try (Watch watch = collection.watch(KEYS.withFrom(from), steady.from(from))) {
                for (int kill = 0; kill < KILLS; kill++) {
                    awaitLine(writer, KilledWriter.DONE);
                    awaitLine(watcher, KilledWatcher.CHANGE);
                    Await.pause(Duration.ofMillis(random.nextInt(200)));
                    int victim = kill % 3;
                    if (victim == 0) {
                        writer.close();
                        record(writer);
                        writer = writer();
                    } else if (victim == 1 || !killServer()) {
                        watcher.close();
                        replay(watcher);
                        watcher = watcher();
                    }
                }
                writer.send("stop");
                assertThat(writer.await()).as("%s", writer.lines()).isZero();
                record(writer);
                OtherProcess last = watcher;
                List<Position> all = history.positions();
                assertThat(all).hasSizeGreaterThan(KILLS);
                Await.until(
                        "all to be heard",
                        PATIENCE,
                        () -> all.stream().allMatch(watch::covers)
                                && all.stream().allMatch(one -> collection.covers(reached(last), one)));
            } finally {
                writer.close();
                watcher.close();
            }
            replay(watcher);
            history.verify();
        }

        private OtherProcess writer() {
            String name = "w" + writers++;
            return OtherProcess.start(
                    KilledWriter.class, List.of(uri, STORE, collection.name(), name, "" + random.nextLong()));
        }

        private OtherProcess watcher() {
            return OtherProcess.start(KilledWatcher.class, List.of(uri, STORE, collection.name(), from.text()));
        }

        private static void awaitLine(OtherProcess process, String begin) {
            Await.until(
                    "a line " + begin + " of a process",
                    PATIENCE,
                    () -> process.lines().stream().anyMatch(line -> line.startsWith(begin)));
        }

        /** Records what a writer said that it did; what it was about to do when it was killed nobody knows. */
        private void record(OtherProcess writer) {
            List<Key> pending = new ArrayList<>();
            for (String line : writer.lines()) {
                String[] parts = line.split(" ", -1);
                switch (parts[0]) {
                    case KilledWriter.TRY -> {
                        for (int i = 1; i < parts.length; i++) {
                            pending.add(Key.of(parts[i]));
                        }
                    }
                    case KilledWriter.DONE -> pending.clear();
                    case KilledWriter.FAILED -> {
                        pending.forEach(history::uncertain);
                        pending.clear();
                    }
                    case KilledWriter.WROTE -> wrote(parts);
                    default -> {} // of the JVM or a logger
                }
            }
            pending.forEach(history::uncertain);
        }

        private void wrote(String[] parts) {
            if (parts.length == 6
                    && parts[5].equals(KilledWriter.END)) { // else it was killed in the middle of the line
                @Nullable Operation operation = parts[1].equals("?") ? null : Operation.valueOf(parts[1]);
                Written written = new Written(Long.parseLong(parts[3]), new Position(parts[4]));
                history.wrote("writer", Key.of(parts[2]), operation, null, written);
            }
        }

        private Position reached(OtherProcess watcher) {
            List<String> lines = watcher.lines();
            for (int i = lines.size() - 1; i >= 0; i--) {
                String[] parts = lines.get(i).split(" ", -1);
                if (parts.length > 1 && parts[parts.length - 1].equals(KilledWriter.END)) {
                    return new Position(parts[parts.length - 2]);
                }
            }
            return from;
        }

        /** One session of the observer, of what the watcher said before it was killed. */
        private void replay(OtherProcess watcher) throws Exception {
            assertThat(watcher.lines()).noneMatch(line -> line.startsWith(KilledWatcher.RESYNC));
            WatchListener session = resuming.from(from);
            from = reached(watcher);
            for (String line : watcher.lines()) {
                String[] parts = line.split(" ", -1);
                if (!parts[parts.length - 1].equals(KilledWriter.END)) {
                    continue;
                }
                if (parts[0].equals(KilledWatcher.CHANGE)) {
                    session.onChange(new Change(
                            Key.of(parts[2]),
                            Operation.valueOf(parts[1]),
                            null,
                            Long.parseLong(parts[3]),
                            Instant.EPOCH,
                            null,
                            new Position(parts[4])));
                } else if (parts[0].equals(KilledWatcher.MARK)) {
                    session.onBookmark(new Position(parts[1]));
                }
            }
        }
    }
}
