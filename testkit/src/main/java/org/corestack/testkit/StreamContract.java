package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Sort;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.store.BulkResult;
import org.corestack.store.CollectionSnapshot;
import org.junit.jupiter.api.Test;

/** Long lists are read batch by batch. */
abstract class StreamContract extends ModelContract {
    /** How many documents the long list has: 100,000 with {@code -Dcorestack.test.documents=100000}. */
    private static final int MANY = Integer.getInteger("corestack.test.documents", 10_000);

    /** What may be held of a long list; a hundred thousand documents are a multiple of it. */
    private static final long MOST_HELD = 12 * 1024 * 1024;

    private static final int LARGE = 128 * 1024;
    private static final int LARGE_COUNT = 400;

    /** The documents of the keys from 0 on, some at once. */
    private void insertTogether(int count, String text) {
        int atOnce = Math.max(1, Math.min(500, 4_000_000 / text.length()));
        for (int i = 0; i < count; ) {
            List<Write> writes = new ArrayList<>();
            for (int end = Math.min(count, i + atOnce); i < end; i++) {
                writes.add(new Write.Insert(key(i), Document.of("text", text, "n", -i)));
            }
            things().writeAll(writes).forEach(BulkResult::get);
        }
    }

    @Test
    void aLongListIsStreamedWholeAndInOrder() {
        insertTogether(MANY, "small");
        try (Stream<StoredDocument> found = things().stream(Filter.all(), FindOptions.ofDefaults())) {
            assertWholeInBoundedMemory(found.iterator(), 0, 1);
        }
        try (CollectionSnapshot snapshot = things().snapshot(Filter.all())) {
            assertWholeInBoundedMemory(snapshot.iterator(), 0, 1);
        }
        FieldPath n = FieldPath.of("n");
        things().ensureIndex(Index.on(n));
        FindOptions sorted = FindOptions.sortBy(Sort.ascending(n)).only(List.of(n));
        try (Stream<StoredDocument> found = things().stream(Filter.compare(n, Filter.Operator.LTE, 0), sorted)) {
            assertWholeInBoundedMemory(found.iterator(), MANY - 1, -1);
        }
    }

    private static void assertWholeInBoundedMemory(Iterator<StoredDocument> each, int first, int step) {
        long before = usedMemory();
        long next = first;
        int count = 0;
        while (each.hasNext()) {
            assertThat(each.next().key()).isEqualTo(key(next));
            next += step;
            if (++count % (MANY / 2) == MANY / 4) {
                assertThat(usedMemory() - before).as("bytes held at %s", next).isLessThan(MOST_HELD);
            }
        }
        assertThat(count).isEqualTo(MANY);
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
                    assertThat(usedMemory() - before).as("bytes held at %s", i).isLessThan(whole * 4 / 5);
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
