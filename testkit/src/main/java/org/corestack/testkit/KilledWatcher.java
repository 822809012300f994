package org.corestack.testkit;

import java.time.Duration;
import org.corestack.document.Change;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.store.ClientOptions;
import org.corestack.store.StoreClient;
import org.corestack.store.Watch;
import org.corestack.store.WatchListener;
import org.corestack.store.WatchOptions;

/** Watches from a position until it is killed, and says what it hears. */
final class KilledWatcher implements WatchListener {
    static final String CHANGE = "CHANGE";
    static final String MARK = "MARK";
    static final String RESYNC = "RESYNC";

    private KilledWatcher() {}

    public static void main(String[] arguments) {
        WatchOptions options = WatchOptions.ofDefaults().withKeysOnly().withFrom(new Position(arguments[3]));
        try (StoreClient client = StoreClient.open(
                        arguments[0], ClientOptions.ofDefaults().withTimeout(Duration.ofSeconds(60)));
                Watch watch =
                        client.store(arguments[1]).collection(arguments[2]).watch(options, new KilledWatcher())) {
            KilledWriter.awaitInput();
        }
    }

    @Override
    public void onChange(Change change) {
        System.out.println(CHANGE + " " + change.operation() + " "
                + change.key().value() + " " + change.version() + " " + change.position() + " " + KilledWriter.END);
    }

    @Override
    public void onBookmark(Position position) {
        System.out.println(MARK + " " + position + " " + KilledWriter.END);
    }

    @Override
    public void onResync(Resync resync) {
        System.out.println(RESYNC + " " + resync);
    }
}
