package org.corestack.testkit;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.store.ClientOptions;
import org.corestack.store.Store;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;
import org.corestack.store.spi.Capability;

/** Writes until it is killed or told to stop, and says what it is about to do and what was confirmed. */
final class KilledWriter {
    static final String TRY = "TRY";
    static final String WROTE = "WROTE";
    static final String DONE = "DONE";
    static final String FAILED = "FAILED";
    /** Ends a line that is whole. */
    static final String END = ".";

    private static final int KEYS = 6;
    private static final Duration PAUSE = Duration.ofMillis(4);

    private final Store store;
    private final StoreCollection collection;
    private final boolean transactions;
    private final String name;
    private final Random random;

    private KilledWriter(StoreClient client, String[] arguments) {
        this.store = client.store(arguments[1]);
        this.collection = store.collection(arguments[2]);
        this.transactions = client.capabilities().contains(Capability.TRANSACTIONS);
        this.name = arguments[3];
        this.random = new Random(Long.parseLong(arguments[4]));
    }

    public static void main(String[] arguments) {
        AtomicBoolean stopped = new AtomicBoolean();
        Thread input = new Thread(() -> {
            awaitInput();
            stopped.set(true);
        });
        input.setDaemon(true);
        input.start();
        try (StoreClient client = StoreClient.open(
                arguments[0],
                ClientOptions.ofDefaults().withSource(arguments[3]).withTimeout(Duration.ofSeconds(5)))) {
            KilledWriter writer = new KilledWriter(client, arguments);
            for (int i = 0; !stopped.get(); i++) {
                writer.write(i);
                Await.pause(PAUSE);
            }
        }
    }

    /** Waits until something comes, or the other process is gone. */
    static void awaitInput() {
        try {
            int first = System.in.read();
            assert first >= -1;
        } catch (IOException e) {
            return; // gone
        }
    }

    private Key key(int number) {
        return Key.of(name + "-" + number);
    }

    private void write(int number) {
        boolean together = transactions && random.nextInt(3) == 0;
        List<Key> keys = together ? List.of(key(0), key(2), key(4)) : List.of(key(random.nextInt(KEYS)));
        StringBuilder attempt = new StringBuilder(TRY);
        keys.forEach(key -> attempt.append(' ').append(key.value()));
        System.out.println(attempt);
        String end = DONE;
        try {
            Document document = Document.of("n", number);
            if (together) {
                together(keys, document);
            } else {
                one(keys.get(0), document);
            }
        } catch (CoreException e) {
            end = switch (e.code()) {
                case ALREADY_EXISTS, NOT_FOUND, CONFLICT -> DONE;
                default -> FAILED;
            };
        }
        System.out.println(end);
    }

    private void together(List<Key> keys, Document document) {
        Map<Key, Written> written = store.inTransaction(transaction -> {
            Map<Key, Written> all = new LinkedHashMap<>();
            StoreCollection within = transaction.collection(collection.name());
            keys.forEach(key -> all.put(key, within.upsert(key, document, Set.of())));
            return all;
        });
        written.forEach((key, one) -> wrote("?", key, one));
    }

    private void one(Key key, Document document) {
        switch (random.nextInt(4)) {
            case 0 -> wrote("INSERT", key, collection.insert(key, document));
            case 1 -> collection.delete(key, Condition.none()).ifPresent(deleted -> wrote("DELETE", key, deleted));
            default -> wrote("UPDATE", key, collection.replace(key, document, Condition.none()));
        }
    }

    private static void wrote(String operation, Key key, Written written) {
        System.out.println(WROTE + " " + operation + " " + key.value() + " " + written.version() + " "
                + written.position() + " " + END);
    }
}
