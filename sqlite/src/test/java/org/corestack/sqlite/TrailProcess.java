package org.corestack.sqlite;

import java.io.IOException;
import org.corestack.store.Store;
import org.corestack.store.StoreClient;
import org.corestack.table.EventLogger;

/** A process that writes the trail of {@code s.things} until it is killed, or its input ends. */
final class TrailProcess {
    /** Is printed when it is at work. */
    static final String READY = "ready";

    private TrailProcess() {}

    public static void main(String[] arguments) throws IOException {
        try (StoreClient client = StoreClient.open(arguments[0])) {
            Store store = client.store("s");
            try (EventLogger logger = EventLogger.of(store, "things").toTrail(store, "trail")) {
                logger.checkHealth();
                System.out.println(READY);
                while (System.in.read() >= 0) {
                    logger.checkHealth();
                }
            }
        }
    }
}
