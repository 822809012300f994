package org.corestack.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
        /** Follows the changes by hand. */
        BY_HAND,
        /** Opens the client and does nothing: what a JVM with it costs at rest. */
        OPEN
    }

    @Parameters(index = "0")
    private Role role = Role.OPEN;

    @Parameters(index = "1")
    private EngineKind kind = EngineKind.SQLITE;

    @Parameters(index = "2")
    private String uri = "";

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    @Override
    public Integer call() throws Exception {
        if (role == Role.BY_HAND) {
            try (FeedByHand feed = FeedByHand.open(kind, uri)) {
                out.println("READY");
                feed.follow(this::seen, FeedProbe::inputIsThere);
            }
            return 0;
        }
        try (StoreClient client = StoreClient.open(uri)) {
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

    private static boolean inputIsThere() {
        try {
            return System.in.available() > 0;
        } catch (IOException e) {
            return true; // it is closed: whoever started this is gone
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
}
