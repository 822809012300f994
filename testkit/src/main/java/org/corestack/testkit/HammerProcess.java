package org.corestack.testkit;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.BulkResult;
import org.corestack.store.ClientOptions;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;

/**
 * A program that writes to one collection as fast as it can, beside others that do the same, and prints each write that
 * was confirmed: its operation, key, version and position.
 *
 * <p>Arguments: the URI of the database, the store, the collection, a name, a seed, how many rounds. It prints
 * {@value #READY} once it has opened the database, begins when it is sent a line, and prints {@value #DONE} at the end.
 */
final class HammerProcess {
    static final String READY = "ready";
    static final String DONE = "done";

    /** What all processes count on. */
    static final Key COUNTER = Key.of("counter");

    /** What all processes insert, change and delete. */
    static final int KEYS = 8;

    private static final FieldPath N = FieldPath.of("n");

    private final StoreCollection collection;
    private final String name;
    private final Random random;

    private HammerProcess(StoreCollection collection, String name, long seed) {
        this.collection = collection;
        this.name = name;
        this.random = new Random(seed);
    }

    public static void main(String[] arguments) throws IOException {
        ClientOptions options =
                ClientOptions.ofDefaults().withSource(arguments[3]).withTimeout(Duration.ofSeconds(60));
        try (StoreClient client = StoreClient.open(arguments[0], options)) {
            StoreCollection collection = client.store(arguments[1]).collection(arguments[2]);
            collection.find(COUNTER);
            System.out.println(READY);
            if (System.in.read() < 0) {
                throw new IllegalStateException("nobody said go");
            }
            HammerProcess hammer = new HammerProcess(collection, arguments[3], Long.parseLong(arguments[4]));
            for (int i = Integer.parseInt(arguments[5]); i > 0; i--) {
                hammer.round(i);
            }
            System.out.println(DONE);
        }
    }

    /** A count, a swap by version, and something on a key that all others are at. */
    private void round(int number) {
        told("UPDATE", COUNTER, collection.patch(COUNTER, Patch.increment(N, 1), Condition.none()));
        swap();
        Key key = Key.of(random.nextInt(KEYS));
        Document document = Document.of("by", name, "n", number);
        try {
            switch (random.nextInt(5)) {
                case 0 -> told("INSERT", key, collection.insert(key, document));
                case 1 -> told("UPDATE", key, collection.replace(key, document, Condition.none()));
                case 2 -> told("WRITE", key, collection.upsert(key, document, Set.of()));
                case 3 -> collection.delete(key, Condition.none()).ifPresent(one -> told("DELETE", key, one));
                default -> bulk(key, document);
            }
        } catch (CoreException e) {
            if (e.code() != ErrorCode.ALREADY_EXISTS && e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
        }
    }

    private void swap() {
        while (true) {
            StoredDocument read = collection.find(COUNTER).orElseThrow();
            Document next = Document.of("swapped", read.document().get("swapped", Integer.class) + 1);
            try {
                told(
                        "UPDATE",
                        COUNTER,
                        collection.update(COUNTER, next, Set.of(), Condition.ifVersion(read.version())));
                return;
            } catch (CoreException e) {
                if (e.code() != ErrorCode.CONFLICT) {
                    throw e;
                }
            }
        }
    }

    private void bulk(Key key, Document document) {
        List<Write> writes = new ArrayList<>();
        writes.add(new Write.Upsert(key, document, Set.of()));
        writes.add(new Write.Apply(COUNTER, Patch.increment(FieldPath.of("bulk"), 1), Condition.none(), false));
        writes.add(new Write.Delete(Key.of((key.hashCode() & 7) % KEYS), Condition.none()));
        List<BulkResult> results = collection.writeAll(writes);
        told("WRITE", key, results.get(0).get());
        told("UPDATE", COUNTER, results.get(1).get());
        if (results.get(2) instanceof BulkResult.Applied deleted) {
            told("DELETE", deleted.key(), deleted.written());
        }
    }

    private static void told(String operation, Key key, Written written) {
        System.out.println(operation + " " + key.value() + " " + written.version() + " " + written.position());
    }
}
