package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.StoredDocument;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.StoreCollection;
import org.junit.jupiter.api.Test;

/** Each write: what it does, when it refuses, and that versions only grow. */
abstract class WriteContract extends KeyContract {
    private static final Key K = Key.of("k");

    private Document stored() {
        return things().find(K).orElseThrow().document();
    }

    private long version() {
        return things().find(K).orElseThrow().version();
    }

    @Test
    void insertCreates() {
        Written written = things().insert(K, doc("a", 1));
        assertThat(things().find(K)).contains(new StoredDocument(K, doc("a", 1), written.version()));
        assertThat(written.version()).isPositive();
    }

    @Test
    void insertOfATakenKeyIsRefused() {
        long version = things().insert(K, doc("a", 1)).version();
        assertFails(ErrorCode.ALREADY_EXISTS, () -> things().insert(K, doc("a", 2)));
        assertThat(things().find(K)).contains(new StoredDocument(K, doc("a", 1), version));
    }

    @Test
    void replacePutsAWholeDocument() {
        things().insert(K, Document.of("a", 1, "b", 2));
        Written written = things().replace(K, doc("c", 3), ALWAYS);
        assertThat(things().find(K)).contains(new StoredDocument(K, doc("c", 3), written.version()));
    }

    @Test
    void updateSetsAndRemovesTopLevelFieldsAndLeavesTheRest() {
        things().insert(K, Document.of("kept", 1, "removed", 2).with("nested", Document.of("a", 1, "b", 2)));
        Written written = things().update(
                        K, Document.of("set", null, "nested", doc("c", 3)), Set.of("removed", "absent"), ALWAYS);
        Document expected = Document.builder()
                .put("kept", 1)
                .put("nested", doc("c", 3))
                .put("set", null)
                .build();
        assertThat(things().find(K)).contains(new StoredDocument(K, expected, written.version()));
    }

    @Test
    void anUpdateThatChangesNothingIsAWriteToo() {
        long before = things().insert(K, doc("a", 1)).version();
        assertThat(things().update(K, doc("a", 1), Set.of(), ALWAYS).version()).isGreaterThan(before);
    }

    @Test
    void upsertCreatesOrUpdates() {
        Written created = things().upsert(K, doc("a", 1), Set.of("b"));
        assertThat(things().find(K)).contains(new StoredDocument(K, doc("a", 1), created.version()));
        Written updated = things().upsert(K, doc("b", 2), Set.of("a"));
        assertThat(things().find(K)).contains(new StoredDocument(K, doc("b", 2), updated.version()));
        assertThat(updated.version()).isGreaterThan(created.version());
    }

    @Test
    void patchSetsUnsetsAndIncrements() {
        things().insert(K, Document.of("a", 1, "b", Document.of("c", 2, "d", 3)));
        Patch patch = Patch.set(FieldPath.of("new.deep"), List.of("x"))
                .and(Patch.unset(FieldPath.of("b.c")))
                .and(Patch.unset(FieldPath.of("absent.too")))
                .and(Patch.increment(FieldPath.of("b.d"), 4))
                .and(Patch.increment(FieldPath.of("counter"), -1L));
        Document before = stored();
        Written written = things().patch(K, patch, ALWAYS);
        assertThat(things().find(K))
                .contains(new StoredDocument(K, patch.apply(before, Instant.EPOCH), written.version()));
        assertThat(stored().get("b")).isEqualTo(doc("d", 7));
        assertThat(stored().get("counter")).isEqualTo(-1L);
    }

    @Test
    void incrementsKeepTheWiderType() {
        List<List<Number>> sums = List.of(
                List.of(1, 2, 3),
                List.of(1, 2L, 3L),
                List.of(Integer.MAX_VALUE, 1, Integer.MAX_VALUE + 1L),
                List.of(Long.MAX_VALUE - 1, 1, Long.MAX_VALUE),
                List.of(1, 0.5, 1.5),
                List.of(0.5, 1L, 1.5),
                List.of(new BigDecimal("0.10"), 1, new BigDecimal("1.10")),
                List.of(1L, new BigDecimal("0.1"), new BigDecimal("1.1")));
        for (List<Number> sum : sums) {
            things().upsert(K, doc("n", sum.get(0)), Set.of());
            things().patch(K, Patch.increment(FieldPath.of("n"), sum.get(1)), ALWAYS);
            assertThat(stored()).as("%s", sum).isEqualTo(doc("n", sum.get(2)));
        }
    }

    @Test
    void aPatchThatDoesNotFitIsRefusedAsAWhole() {
        things().insert(K, Document.of("text", "x", "number", Long.MAX_VALUE));
        Patch fits = Patch.set(FieldPath.of("set"), true);
        for (Patch misfit : List.of(
                Patch.increment(FieldPath.of("text"), 1),
                Patch.increment(FieldPath.of("number"), 1),
                Patch.set(FieldPath.of("text.inner"), 1),
                Patch.increment(FieldPath.of("number.inner"), 1))) {
            long version = version();
            assertFails(ErrorCode.INVALID_ARGUMENT, () -> things().patch(K, fits.and(misfit), ALWAYS));
            assertThat(version()).isEqualTo(version);
            assertThat(stored().contains("set")).isFalse();
        }
    }

    @Test
    void deleteSaysWhetherThereWasSomething() {
        assertThat(things().delete(K, ALWAYS)).isEmpty();
        long version = things().insert(K, doc("a", 1)).version();
        assertThat(things().delete(K, ALWAYS).orElseThrow().version()).isGreaterThan(version);
        assertThat(things().find(K)).isEmpty();
        assertThat(things().delete(K, ALWAYS)).isEmpty();
    }

    @Test
    void writesOfAnAbsentKeyAreNotFound() {
        Condition version = Condition.ifVersion(1);
        for (Condition condition : List.of(ALWAYS, version)) {
            assertFails(ErrorCode.NOT_FOUND, () -> things().replace(K, Document.empty(), condition));
            assertFails(ErrorCode.NOT_FOUND, () -> things().update(K, doc("a", 1), Set.of(), condition));
            assertFails(ErrorCode.NOT_FOUND, () -> things().patch(K, Patch.set(FieldPath.of("a"), 1), condition));
            assertThat(things().delete(K, condition)).isEmpty();
        }
        assertThat(things().find(K)).isEmpty();
    }

    @Test
    void aVersionThatIsNotTheDocumentsIsAConflict() {
        long first = things().insert(K, doc("a", 1)).version();
        long second =
                things().replace(K, doc("a", 2), Condition.ifVersion(first)).version();
        for (Condition stale : List.of(Condition.ifVersion(first), Condition.ifVersion(second + 1))) {
            assertFails(ErrorCode.CONFLICT, () -> things().replace(K, Document.empty(), stale));
            assertFails(ErrorCode.CONFLICT, () -> things().update(K, doc("a", 1), Set.of(), stale));
            assertFails(ErrorCode.CONFLICT, () -> things().patch(K, Patch.set(FieldPath.of("a"), 1), stale));
            assertFails(ErrorCode.CONFLICT, () -> things().delete(K, stale));
        }
        assertThat(things().find(K)).contains(new StoredDocument(K, doc("a", 2), second));
        assertThat(things().delete(K, Condition.ifVersion(second))).isPresent();
    }

    @Test
    void aConflictIsFoundBeforeAPatchThatDoesNotFit() {
        long version = things().insert(K, doc("text", "x")).version();
        Patch misfit = Patch.increment(FieldPath.of("text"), 1);
        assertFails(ErrorCode.CONFLICT, () -> things().patch(K, misfit, Condition.ifVersion(version + 1)));
    }

    @Test
    void everyWriteRaisesTheVersionAndNoneComesAgain() {
        List<Supplier<Written>> writes = List.of(
                () -> things().insert(K, doc("n", 1)),
                () -> things().replace(K, doc("n", 2), ALWAYS),
                () -> things().update(K, doc("n", 3), Set.of(), ALWAYS),
                () -> things().upsert(K, doc("n", 4), Set.of()),
                () -> things().patch(K, Patch.increment(FieldPath.of("n"), 1), ALWAYS),
                () -> things().delete(K, ALWAYS).orElseThrow());
        List<Long> versions = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (Supplier<Written> write : writes) {
                Written written = write.get();
                versions.add(written.version());
                things().find(K).ifPresent(found -> assertThat(found.version()).isEqualTo(written.version()));
            }
        }
        things().upsert(K, doc("n", 1), Set.of());
        versions.add(version());
        assertThat(versions).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void oneOfManyInsertsWins() {
        for (int round = 0; round < 10; round++) {
            Key key = key(round);
            List<ErrorCode> codes = together(8, () -> codeOf(() -> things().insert(key, Document.empty())));
            assertThat(codes).filteredOn(code -> code == null).hasSize(1);
            assertThat(codes).filteredOn(code -> code != null).containsOnly(ErrorCode.ALREADY_EXISTS);
        }
    }

    @Test
    void oneOfManyConditionalWritesWins() {
        StoreCollection second = thingsOf(openClient("second"));
        for (int round = 0; round < 10; round++) {
            Key key = key(round);
            Condition same =
                    Condition.ifVersion(things().insert(key, doc("n", 0)).version());
            List<Callable<ErrorCode>> calls = new ArrayList<>();
            for (StoreCollection each : List.of(things(), second)) {
                calls.add(() -> codeOf(() -> each.replace(key, doc("by", "replace"), same)));
                calls.add(() -> codeOf(() -> each.update(key, doc("by", "update"), Set.of(), same)));
                calls.add(() -> codeOf(() -> each.patch(key, Patch.increment(FieldPath.of("n"), 1), same)));
                calls.add(() -> codeOf(() -> each.delete(key, same).orElseThrow(() -> CoreException.notFound("gone"))));
            }
            List<ErrorCode> codes = together(calls);
            assertThat(codes).filteredOn(code -> code == null).hasSize(1);
            assertThat(codes).filteredOn(code -> code != null).isSubsetOf(ErrorCode.CONFLICT, ErrorCode.NOT_FOUND);
        }
    }

    @Test
    void concurrentWritesOfOneDocumentLoseNothing() {
        things().insert(K, Document.of("patched", 0, "swapped", 0));
        int each = 25;
        together(6, () -> {
            for (int i = 0; i < each; i++) {
                things().patch(K, Patch.increment(FieldPath.of("patched"), 1), ALWAYS);
                incrementBySwap();
            }
            return true;
        });
        assertThat(stored()).isEqualTo(Document.of("patched", 6 * each, "swapped", 6 * each));
    }

    private void incrementBySwap() {
        while (true) {
            StoredDocument read = things().find(K).orElseThrow();
            Document more = doc("swapped", read.document().get("swapped", Integer.class) + 1);
            try {
                things().update(K, more, Set.of(), Condition.ifVersion(read.version()));
                return;
            } catch (CoreException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT); // another was first: read again
            }
        }
    }

    @Test
    void versionsOfConcurrentWritesAreDistinct() {
        things().insert(K, Document.empty());
        List<List<Long>> versions = together(6, () -> {
            List<Long> own = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                own.add(things().upsert(K, doc("i", i), Set.of()).version());
            }
            assertThat(own).isSorted();
            return own;
        });
        List<Long> all = new ArrayList<>();
        versions.forEach(all::addAll);
        assertThat(all).doesNotHaveDuplicates();
        assertThat(version()).isEqualTo(Collections.max(all));
    }

    @Test
    void anotherClientSeesWhatIsConfirmed() {
        StoreCollection second = thingsOf(openClient("second"));
        for (int i = 0; i < 20; i++) {
            Written written = things().upsert(K, doc("i", i), Set.of());
            assertThat(second.find(K)).contains(new StoredDocument(K, doc("i", i), written.version()));
        }
    }

    @Test
    void whatIsConfirmedIsThereAfterReopening() {
        Written written = things().insert(K, doc("a", 1));
        client().close();
        assertThat(thingsOf(openClient("second")).find(K))
                .contains(new StoredDocument(K, doc("a", 1), written.version()));
    }
}
