package org.corestack.cli.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.corestack.cli.demo.register.CharacterRecord;
import org.corestack.cli.demo.register.Printable;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.table.Entry;
import org.corestack.table.Table;
import org.corestack.table.TableSnapshot;

/** Brings the records into the table {@code characters}. */
final class Loader {
    /** Writers of one process commit together: the more wait at once, the fewer commits. */
    private static final int WRITERS = 32;

    private Loader() {}

    /**
     * The records that the table does not hold yet.
     *
     * @throws CoreException INVALID_ARGUMENT if it holds others than these
     */
    static Map<String, CharacterRecord> missing(
            SortedMap<String, CharacterRecord> records, Table<String, CharacterRecord> table) {
        Map<String, CharacterRecord> missing = new HashMap<>(records);
        try (TableSnapshot<String, CharacterRecord> held = table.snapshot()) {
            for (Entry<String, CharacterRecord> entry : held) {
                if (!missing.remove(entry.key(), entry.value())) {
                    throw CoreException.invalidArgument("the table " + table.name() + " holds the record "
                            + Printable.of(entry.key()) + ", which is not one of this run's " + records.size()
                            + "; --resume goes on with the same records, so give the same --records or --input");
                }
            }
        }
        return missing;
    }

    /** Inserts records, many at a time; fails with the first that can't be inserted. */
    static void insert(Map<String, CharacterRecord> records, Table<String, CharacterRecord> table)
            throws InterruptedException {
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS, task -> {
            Thread thread = new Thread(task, "demo-loader");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Iterator<Map.Entry<String, CharacterRecord>> left =
                    records.entrySet().iterator();
            List<Future<?>> running = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                running.add(writers.submit(() -> insertAll(left, table)));
            }
            for (Future<?> writer : running) {
                writer.get();
            }
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String hint =
                    ErrorCode.of(cause) == ErrorCode.ALREADY_EXISTS ? "; does another demo fill the same store?" : "";
            throw CoreException.wrap("the records can't be loaded: " + cause.getMessage() + hint, cause);
        } finally {
            writers.shutdownNow();
        }
    }

    private static void insertAll(
            Iterator<Map.Entry<String, CharacterRecord>> left, Table<String, CharacterRecord> table) {
        while (true) {
            Map.Entry<String, CharacterRecord> next;
            synchronized (left) {
                if (!left.hasNext()) {
                    return;
                }
                next = left.next();
            }
            table.insert(next.getKey(), next.getValue());
        }
    }
}
