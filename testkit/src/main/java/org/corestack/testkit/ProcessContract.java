package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.corestack.document.Change.Operation;
import org.corestack.document.Document;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.store.BulkResult;
import org.corestack.store.Watch;
import org.corestack.store.WatchOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Four JVMs that hammer one collection, while this one watches. */
abstract class ProcessContract extends HistoryContract {
    private static final int PROCESSES = 4;
    private static final int ROUNDS = Integer.getInteger("corestack.test.hammer", 40);

    @Test
    @Need.Of(Need.PROCESSES)
    void fourProcessesHammerOneCollection() {
        Seeds.run(1, this::hammer);
    }

    private void hammer(Random random) {
        String name = "hammered" + Long.toHexString(random.nextLong());
        var collection = store().collection(name);
        Position start = collection.position();
        FeedHistory history = FeedHistory.of(collection);
        Document zero = Document.of("n", 0, "swapped", 0).with("bulk", 0);
        history.wrote(
                "test", HammerProcess.COUNTER, Operation.INSERT, zero, collection.insert(HammerProcess.COUNTER, zero));
        FeedObserver observer = history.observer("the watching process", WatchOptions.ofDefaults());
        List<OtherProcess> processes = new ArrayList<>();
        try (Watch watch = collection.watch(WatchOptions.ofDefaults().withFrom(start), observer.from(start))) {
            for (int i = 0; i < PROCESSES; i++) {
                processes.add(OtherProcess.start(
                        HammerProcess.class,
                        List.of(uri(), "contract", name, "hammer-" + i, "" + random.nextLong(), "" + ROUNDS)));
            }
            processes.forEach(process -> awaitThat(
                    "a process that has opened the database",
                    () -> process.lines().contains(HammerProcess.READY) || !process.isAlive()));
            processes.forEach(process -> process.send("go"));
            processes.forEach(process -> assertThat(process.await())
                    .as(String.join("\n", process.lines()))
                    .isZero());
            for (int i = 0; i < PROCESSES; i++) {
                record(history, "hammer-" + i, processes.get(i).lines());
            }
            history.positions().forEach(position -> awaitThat("all is heard", () -> watch.covers(position)));
        } finally {
            processes.forEach(OtherProcess::close);
        }
        history.verify();
        assertCounted(collection.find(HammerProcess.COUNTER).orElseThrow(), processes);
        assertThat(collection.findMany(Filter.all(), FindOptions.ofDefaults()))
                .extracting(StoredDocument::key)
                .contains(HammerProcess.COUNTER)
                .doesNotHaveDuplicates()
                .hasSizeLessThanOrEqualTo(HammerProcess.KEYS + 1);
    }

    /** A million of them with {@code -Dcorestack.test.behind=1000000}. */
    @Test
    @Need.Of(Need.PROCESSES)
    void changesBehindAStoppedWatcherNeedNoMemory() {
        int count = Integer.getInteger("corestack.test.behind", 4_000);
        String text = "x".repeat(Math.max(40, 100_000_000 / count));
        Position start = things().position();
        try (OtherProcess watching =
                OtherProcess.start(StoppedWatcher.class, "64m", List.of(uri(), start.text(), "" + (count + 1)))) {
            things().insert(key("first"), Document.empty());
            awaitLine(watching, StoppedWatcher.HELD);
            for (int i = 0; i < count; i += 250) {
                List<Write> writes = new ArrayList<>();
                for (int j = i; j < Math.min(count, i + 250); j++) {
                    writes.add(new Write.Insert(key(j), Document.of("n", j, "text", text)));
                }
                things().writeAll(writes).forEach(BulkResult::get);
            }
            awaitLine(watching, StoppedWatcher.OTHER_DONE);
            watching.send("go");
            assertThat(watching.await()).as("%s", watching.lines()).isZero();
            assertThat(watching.lines())
                    .contains(StoppedWatcher.DONE)
                    .noneMatch(line -> line.startsWith(StoppedWatcher.FAILED));
        }
    }

    private static void awaitLine(OtherProcess process, String line) {
        Await.until(
                line + " from " + process.lines(),
                PATIENCE.multipliedBy(10),
                () -> process.lines().contains(line) || !process.isAlive());
    }

    private static void assertCounted(StoredDocument counter, List<OtherProcess> processes) {
        int rounds = PROCESSES * ROUNDS;
        assertThat(counter.document().get("n")).isEqualTo(rounds);
        assertThat(counter.document().get("swapped")).isEqualTo(rounds);
        long writes = processes.stream()
                .flatMap(process -> process.lines().stream())
                .filter(line -> line.startsWith("UPDATE counter "))
                .count();
        assertThat(counter.document().get("bulk")).isEqualTo((int) writes - 2 * rounds);
    }

    /** Records what a process printed. */
    private static void record(FeedHistory history, String writer, List<String> lines) {
        assertThat(lines).contains(HammerProcess.DONE);
        for (String line : lines) {
            String[] parts = line.split(" ", 4);
            if (parts.length < 4
                    || !List.of("INSERT", "UPDATE", "DELETE", "WRITE").contains(parts[0])) {
                continue; // not of a write: a warning of the JVM or of a logger
            }
            Key key = parts[1].equals("counter") ? HammerProcess.COUNTER : Key.of(Integer.parseInt(parts[1]));
            @Nullable Operation operation = parts[0].equals("WRITE") ? null : Operation.valueOf(parts[0]);
            history.wrote(writer, key, operation, null, new Written(Long.parseLong(parts[2]), new Position(parts[3])));
        }
    }
}
