package org.corestack.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;
import org.corestack.store.Watch;
import org.corestack.store.WatchOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * The other process of {@link FeedBench}: prints READY, then a line with key and time for each change it sees,
 * until its standard input ends.
 */
@Command(name = "feed-probe", hidden = true)
final class FeedProbe implements Callable<Integer> {
    /** What a probe does. */
    enum Role {
        /** Watches with the library. */
        WATCH,
        /** Polls by hand, over JDBC, every ten milliseconds. */
        POLL,
        /** Opens the client and does nothing: what a JVM with it costs at rest. */
        OPEN
    }

    @Parameters(index = "0")
    private Role role = Role.OPEN;

    @Parameters(index = "1")
    private Path file = Path.of("");

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    @Override
    public Integer call() throws Exception {
        if (role == Role.POLL) {
            poll();
            return 0;
        }
        try (StoreClient client = StoreClient.open("sqlite:" + file)) {
            StoreCollection events = client.store("bench").collection("events");
            if (role == Role.OPEN) {
                events.position();
                untilInputEnds();
                return 0;
            }
            WatchOptions keys = WatchOptions.ofDefaults().withKeysOnly();
            try (Watch watch = events.watch(keys, change -> seen(change.key().value()))) {
                untilInputEnds();
                return watch.isOpen() ? 0 : 1;
            }
        }
    }

    private void untilInputEnds() throws IOException {
        out.println("READY");
        while (System.in.read() >= 0) {
            continue;
        }
    }

    private void seen(Object key) {
        long now = Micros.now();
        out.println(key + " " + now);
    }

    private void poll() throws SQLException, IOException, InterruptedException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                PreparedStatement version = connection.prepareStatement("PRAGMA data_version");
                PreparedStatement last =
                        connection.prepareStatement("SELECT coalesce(max(seq), 0) FROM corestack_log");
                PreparedStatement next =
                        connection.prepareStatement("SELECT seq, key FROM corestack_log WHERE seq > ? ORDER BY seq")) {
            long seq = number(last);
            long seenVersion = number(version);
            out.println("READY");
            while (System.in.available() == 0) {
                Thread.sleep(10);
                long current = number(version);
                if (current != seenVersion) {
                    seenVersion = current;
                    seq = read(next, seq);
                }
            }
        }
    }

    private long read(PreparedStatement next, long after) throws SQLException {
        long seq = after;
        next.setLong(1, after);
        try (ResultSet rows = next.executeQuery()) {
            while (rows.next()) {
                seq = rows.getLong(1);
                seen(rows.getString(2));
            }
        }
        return seq;
    }

    private static long number(PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}
