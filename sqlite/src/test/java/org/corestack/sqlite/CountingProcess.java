package org.corestack.sqlite;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.Write;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;

/** Counts on one document from several threads, each with an insert of its own between. Prints what fails. */
final class CountingProcess {
    static final Key COUNTER = Key.of("counter");

    /** Is printed when it is about to begin, as soon as it is sent a line. */
    static final String READY = "ready";

    private CountingProcess() {}

    public static void main(String[] arguments) throws IOException {
        try (Engine engine = Engines.open(arguments[0])) {
            System.out.println(READY);
            if (System.in.read() < 0) {
                throw new IllegalStateException("nobody said go");
            }
            count(engine, arguments[1], Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]))
                    .forEach(System.out::println);
        }
    }

    static List<String> count(Engine engine, String name, int threads, int times) {
        EngineCollection collection = engine.store("s").collection("c");
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            String prefix = name + "-" + i + "-";
            running.add(pool.submit(() -> {
                for (int n = 0; n < times; n++) {
                    Engines.write(
                            collection,
                            new Write.Apply(COUNTER, Patch.increment(FieldPath.of("n"), 1), Condition.none(), false));
                    Engines.write(collection, new Write.Insert(Key.of(prefix + n), Document.of("n", n)));
                }
            }));
        }
        List<String> failures = new ArrayList<>();
        for (Future<?> thread : running) {
            try {
                thread.get();
            } catch (Exception e) {
                failures.add(e.toString());
            }
        }
        pool.shutdown();
        return failures;
    }
}
