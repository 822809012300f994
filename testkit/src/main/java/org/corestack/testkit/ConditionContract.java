package org.corestack.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.BulkResult;
import org.corestack.store.StoreCollection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Writes on condition of what the stored document is like. */
abstract class ConditionContract extends PatchContract {
    private static final Key K = Key.of("k");
    private static final FieldPath STATUS = FieldPath.of("status");
    private static final FieldPath N = FieldPath.of("n");

    private static Condition status(@Nullable Object value) {
        return Condition.matching(Filter.compare(STATUS, Operator.EQ, value));
    }

    /** Each kind of write under a condition, such that it makes the document one that does not fulfil {@code NEW}. */
    private static Map<String, ThrowingCallable> writes(StoreCollection on, Condition condition) {
        Map<String, ThrowingCallable> writes = new LinkedHashMap<>();
        writes.put("replace", () -> on.replace(K, doc("status", "replaced"), condition));
        writes.put("update", () -> on.update(K, doc("status", "updated"), Set.of(), condition));
        writes.put("patch", () -> on.patch(K, Patch.set(STATUS, "patched"), condition));
        writes.put("patchAndGet", () -> on.patchAndGet(K, Patch.unset(STATUS), condition));
        writes.put(
                "delete",
                () -> on.delete(K, condition).orElseThrow(() -> CoreException.notFound("there was nothing to delete")));
        return writes;
    }

    @Test
    void aFilterIsJudgedOnTheDocumentThatIsThere() {
        Document before = Document.of("status", "NEW", "n", 5);
        for (String name : writes(things(), ALWAYS).keySet()) {
            long version = things().upsert(K, before, Set.of()).version();
            for (Condition fails : List.of(
                    status("other"),
                    status("replaced"),
                    status("updated"),
                    status("patched"),
                    status(null),
                    Condition.matching(Filter.none()),
                    Condition.matching(
                            Filter.compare(STATUS, Operator.EQ, "NEW").not()),
                    Condition.matching(Filter.compare(FieldPath.key(), Operator.EQ, "other")))) {
                assertThat(codeOf(requireNonNull(writes(things(), fails).get(name))))
                        .as(name + " " + fails)
                        .isEqualTo(ErrorCode.CONFLICT);
            }
            assertThat(things().find(K)).contains(new StoredDocument(K, before, version));
            Filter holds = Filter.compare(STATUS, Operator.EQ, "NEW")
                    .and(Filter.compare(N, Operator.GT, 4.5))
                    .and(Filter.compare(FieldPath.key(), Operator.EQ, "k"))
                    .and(new Filter.Exists(FieldPath.of("absent")).not());
            assertThat(codeOf(requireNonNull(
                            writes(things(), Condition.matching(holds)).get(name))))
                    .as(name)
                    .isNull();
            assertThat(things().find(K)).isNotEqualTo(before);
        }
    }

    @Test
    void whatIsNotThereIsNotFoundWhateverTheCondition() {
        for (Condition condition : List.of(
                status("NEW"), status(null), Condition.matching(Filter.none()), Condition.matching(Filter.all()))) {
            writes(things(), condition)
                    .forEach((name, write) -> assertThat(codeOf(write)).as(name).isEqualTo(ErrorCode.NOT_FOUND));
        }
        assertThat(things().find(K)).isEmpty();
    }

    @Test
    void conditionsLookAtListsAndNestedFields() {
        Document document = Document.of("tags", List.of("a", 2), "in", doc("side", doc("n", 1)));
        things().insert(K, document);
        FieldPath deep = FieldPath.of("in.side.n");
        Filter tagged = new Filter.Any(FieldPath.of("tags"), new Filter.In(FieldPath.element(), List.of("a", "b")));
        Filter prefixed = new Filter.Any(FieldPath.of("tags"), new Filter.Prefix(FieldPath.element(), "b"));
        for (Filter holds :
                List.of(tagged, prefixed.not(), Filter.compare(deep, Operator.EQ, 1L), tagged.and(prefixed.not()))) {
            things().patch(K, Patch.increment(N, 1), Condition.matching(holds));
            assertFails(
                    ErrorCode.CONFLICT,
                    () -> things().patch(K, Patch.increment(N, 1), Condition.matching(holds.not())));
        }
        assertThat(things().find(K).orElseThrow().document()).isEqualTo(document.with("n", 4));
    }

    @Test
    void aConflictIsFoundBeforeAnythingElseIsWrongWithTheWrite() {
        things().insert(K, Document.of("status", "NEW", "text", "x"));
        Patch misfit = Patch.increment(FieldPath.of("text"), 1);
        assertFails(ErrorCode.CONFLICT, () -> things().patch(K, misfit, status("other")));
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> things().patch(K, misfit, status("NEW")));
    }

    @Test
    void oneOfManyWritesUnderAFilterWins() {
        StoreCollection second = thingsOf(openClient("second"));
        for (int round = 0; round < 8; round++) {
            things().upsert(K, Document.of("status", "NEW", "round", round), Set.of());
            List<Callable<ErrorCode>> calls = new ArrayList<>();
            for (StoreCollection each : List.of(things(), second)) {
                writes(each, status("NEW")).values().forEach(write -> calls.add(() -> codeOf(write)));
            }
            List<ErrorCode> codes = together(calls);
            assertThat(codes).filteredOn(code -> code == null).hasSize(1);
            assertThat(codes).filteredOn(code -> code != null).isSubsetOf(ErrorCode.CONFLICT, ErrorCode.NOT_FOUND);
        }
    }

    @Test
    void workIsTakenOnce() {
        int jobs = 30;
        List<Write> inserts = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            inserts.add(new Write.Insert(key(i), Document.of("status", "NEW", "n", 0)));
        }
        things().writeAll(inserts).forEach(BulkResult::get);
        Patch take = Patch.set(STATUS, "TAKEN").and(Patch.increment(N, 1));
        List<Integer> taken = together(4, () -> {
            StoreCollection own = thingsOf(client());
            int count = 0;
            for (int i = 0; i < jobs; i++) {
                Key job = key(i);
                count += codeOf(() -> own.patch(job, take, status("NEW"))) == null ? 1 : 0;
            }
            return count;
        });
        assertThat(taken.stream().mapToInt(Integer::intValue).sum()).isEqualTo(jobs);
        assertThat(things().count(Filter.compare(N, Operator.EQ, 1))).isEqualTo(jobs);
    }
}
