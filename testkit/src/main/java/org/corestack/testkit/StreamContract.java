package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.StoredDocument;
import org.corestack.store.CollectionSnapshot;
import org.junit.jupiter.api.Test;

/** Long lists are read batch by batch. */
abstract class StreamContract extends ModelContract {
    /** How many documents the long list has: 100,000 with {@code -Dcorestack.test.documents=100000}. */
    private static final int MANY = Integer.getInteger("corestack.test.documents", 10_000);

    private static final int LARGE = 128 * 1024;
    private static final int LARGE_COUNT = 400;

    private void insertTogether(int count, String text) {
        List<Callable<Boolean>> writers = new ArrayList<>();
        int threads = 16;
        for (int t = 0; t < threads; t++) {
            int first = t;
            writers.add(() -> {
                for (int i = first; i < count; i += threads) {
                    things().insert(key(i), doc("text", text));
                }
                return true;
            });
        }
        together(writers);
    }

    @Test
    void aLongListIsStreamedWholeAndInOrder() {
        insertTogether(MANY, "small");
        long next = 0;
        try (Stream<StoredDocument> found = things().stream(Filter.all(), FindOptions.ofDefaults())) {
            for (Iterator<StoredDocument> each = found.iterator(); each.hasNext(); ) {
                assertThat(each.next().key()).isEqualTo(key(next++));
            }
        }
        assertThat(next).isEqualTo(MANY);
        try (CollectionSnapshot snapshot = things().snapshot(Filter.all())) {
            next = 0;
            for (StoredDocument each : snapshot) {
                assertThat(each.key()).isEqualTo(key(next++));
            }
        }
        assertThat(next).isEqualTo(MANY);
    }

    @Test
    void aStreamHoldsABatchAndNotTheList() {
        insertTogether(LARGE_COUNT, "x".repeat(LARGE));
        long whole = (long) LARGE * LARGE_COUNT;
        long before = usedMemory();
        try (Stream<StoredDocument> found = things().stream(Filter.all(), FindOptions.ofDefaults())) {
            Iterator<StoredDocument> each = found.iterator();
            for (int i = 0; i < LARGE_COUNT; i++) {
                assertThat(each.next().document().get("text", String.class)).hasSize(LARGE);
                if (i % (LARGE_COUNT / 4) == 0) {
                    assertThat(usedMemory() - before).as("bytes held at %s", i).isLessThan(whole / 2);
                }
            }
        }
    }

    private static long usedMemory() {
        Runtime runtime = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) { // the smallest of some: a collection may leave what has just become free
            System.gc();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }

    @Test
    void aStreamCanBeLeftEarly() {
        insertTogether(1_000, "small");
        for (int i = 0; i < 50; i++) {
            try (Stream<StoredDocument> found = things().stream(Filter.all(), FindOptions.ofDefaults())) {
                assertThat(found.findFirst().orElseThrow().key()).isEqualTo(key(0));
            }
        }
        things().delete(key(0), ALWAYS);
        assertThat(things().find(key(0))).isEmpty();
    }

    @Test
    void writesGoOnWhileAStreamIsOpen() {
        insertTogether(1_000, "before");
        try (Stream<StoredDocument> found = things().stream(Filter.all(), FindOptions.ofDefaults())) {
            Iterator<StoredDocument> each = found.iterator();
            each.next();
            for (int i = 0; i < 1_000; i += 10) {
                things().replace(key(i), doc("text", "after"), ALWAYS);
            }
            long next = 1;
            while (each.hasNext()) {
                assertThat(each.next().key()).isEqualTo(key(next++));
            }
            assertThat(next).isEqualTo(1_000);
        }
    }

    @Test
    void aStreamBegunByOneThreadIsEndedByAnother() {
        insertTogether(1_000, "small");
        Stream<StoredDocument> found = things().stream(Filter.all(), FindOptions.ofDefaults());
        Iterator<StoredDocument> each = found.iterator();
        each.next();
        together(1, () -> {
            found.close();
            return true;
        });
        assertThat(things().find(key(0))).isPresent();
    }
}
