package org.corestack.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.BulkResult;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every step of a patch on every kind of value, and the document after it. */
abstract class PatchContract extends WriteContract {
    private static final Key K = Key.of("k");
    private static final FieldPath P = FieldPath.of("p");
    private static final FieldPath DEEP = FieldPath.of("in.side.p");

    /** What a value can be before a step; that the field is missing is {@code MISSING}. */
    private static final Object MISSING = new Object();

    private static List<@Nullable Object> values() {
        return Arrays.asList(
                MISSING,
                null,
                5,
                -7L,
                Integer.MAX_VALUE,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                0.5,
                Double.MAX_VALUE,
                new BigDecimal("1.10"),
                new BigDecimal("1234567890123456789012345678901234"),
                "text",
                true,
                Instant.ofEpochMilli(1_000),
                new UUID(1, 2),
                Bytes.of((byte) 1),
                doc("p", 1),
                List.of(),
                Arrays.asList(1, "a", 1.0, null, List.of(1), doc("p", 1), new BigDecimal("1.00"), true));
    }

    private static List<Patch> steps(FieldPath path) {
        List<Patch> steps = new ArrayList<>();
        for (Object value : Arrays.asList(null, 1, "x", List.of(1), doc("q", 1))) {
            steps.add(Patch.set(path, value));
            steps.add(Patch.append(path, value));
        }
        steps.add(Patch.unset(path));
        for (Number amount : List.of(1, -1, 3L, 0.25, new BigDecimal("0.05"), Double.MAX_VALUE, 0)) {
            steps.add(Patch.increment(path, amount));
        }
        for (Object value : List.of(
                1,
                6L,
                0.5,
                new BigDecimal("1.100"),
                "u",
                "",
                false,
                Instant.EPOCH,
                new UUID(-1, 0),
                Bytes.of((byte) 2),
                1e300)) {
            steps.add(Patch.max(path, value));
        }
        for (Object value : List.of(1, 1L, "a", "b", true)) {
            steps.add(Patch.appendIfAbsent(path, value));
            steps.add(Patch.remove(path, value));
        }
        return steps;
    }

    /** A document whose value stands where the path leads. */
    private static Document before(FieldPath path, @Nullable Object value) {
        Document document = doc("other", 1);
        if (value == MISSING) {
            return document;
        }
        return path.equals(P)
                ? document.with("p", value)
                : document.with("in", Document.of("side", doc("p", value), "beside", 2));
    }

    @Test
    void everyStepOnEveryValueDoesWhatItMeans() {
        for (FieldPath path : List.of(P, DEEP)) {
            List<Patch> steps = steps(path);
            List<Write> writes = new ArrayList<>();
            Map<Key, Document> documents = new LinkedHashMap<>();
            for (Object value : values()) {
                for (Patch step : steps) {
                    Key key = key(path + " " + documents.size());
                    documents.put(key, before(path, value));
                    writes.add(new Write.Apply(key, step, ALWAYS, false));
                }
            }
            Corpus corpus = Corpus.of(things(), documents);
            assertDone(corpus, writes, things().writeAll(writes));
        }
    }

    private void assertDone(Corpus before, List<Write> writes, List<BulkResult> results) {
        Map<Key, StoredDocument> found = new LinkedHashMap<>();
        things().findMany(Filter.all(), FindOptions.ofDefaults()).forEach(one -> found.put(one.key(), one));
        Map<Key, StoredDocument> stored = new LinkedHashMap<>();
        before.all().forEach(one -> stored.put(one.key(), one));
        for (int i = 0; i < writes.size(); i++) {
            Write write = writes.get(i);
            StoredDocument old = requireNonNull(stored.get(write.key()));
            StoredDocument now = requireNonNull(found.get(write.key()));
            String what = write + " of " + old;
            assertThat(results.get(i).key()).isEqualTo(write.key());
            try {
                Document after = write.after(old.document(), Instant.EPOCH);
                assertThat(now.document()).as(what).isEqualTo(after);
                assertThat(now.version())
                        .as(what)
                        .isEqualTo(results.get(i).get().version())
                        .isGreaterThan(old.version());
            } catch (CoreException e) {
                assertThat(codeOf(results.get(i)::get))
                        .as(what + ": " + e.getMessage())
                        .isEqualTo(e.code());
                assertThat(now).as(what).isEqualTo(old);
            }
        }
    }

    @Test
    void aStepAsAWriteOfItsOwnDoesTheSame() {
        for (Object value : Arrays.asList(MISSING, 5, "text", List.of(1, 2))) {
            Document before = before(DEEP, value);
            for (Patch step : steps(DEEP)) {
                things().upsert(K, before, before.contains("in") ? Set.of() : Set.of("in"));
                ErrorCode expected = codeOf(() -> step.apply(before, Instant.EPOCH));
                ErrorCode code = codeOf(() -> things().patch(K, step, ALWAYS));
                assertThat(code).as("%s of %s", step, before).isEqualTo(expected);
                Document after = expected == null ? step.apply(before, Instant.EPOCH) : before;
                assertThat(things().find(K).orElseThrow().document())
                        .as("%s of %s", step, before)
                        .isEqualTo(after);
            }
        }
    }

    @Test
    void severalStepsWithinOneDocumentAreDoneAtOnce() {
        things().insert(K, doc("in", Document.of("a", 1, "b", 5)));
        Patch patch = Patch.max(FieldPath.of("in.a"), 3)
                .and(Patch.max(FieldPath.of("in.b"), 3))
                .and(Patch.increment(FieldPath.of("in.c"), 1));
        assertThat(things().patchAndGet(K, patch, ALWAYS).document())
                .isEqualTo(doc("in", Document.of("a", 3, "b", 5).with("c", 1)));
    }

    @Test
    void theDocumentAfterAPatchIsGiven() {
        things().insert(K, Document.of("n", 1, "list", List.of("a")));
        Patch patch = Patch.increment(FieldPath.of("n"), 2)
                .and(Patch.append(FieldPath.of("list"), "b"))
                .and(Patch.set(FieldPath.of("new.one"), true));
        StoredDocument after = things().patchAndGet(K, patch, ALWAYS);
        assertThat(after.document())
                .isEqualTo(Document.of("n", 3, "list", List.of("a", "b")).with("new", doc("one", true)));
        assertThat(things().find(K)).contains(after);
        assertFails(ErrorCode.NOT_FOUND, () -> things().patchAndGet(key("absent"), patch, ALWAYS));
        assertFails(
                ErrorCode.INVALID_ARGUMENT,
                () -> things().patchAndGet(K, Patch.increment(FieldPath.of("list"), 1), ALWAYS));
        assertThat(things().find(K)).contains(after);
    }

    @Test
    void manyAtOnceGetDifferentDocumentsAfterTheirPatch() {
        things().insert(K, doc("n", 0));
        Patch patch = Patch.increment(FieldPath.of("n"), 1);
        List<List<Object>> numbers = together(6, () -> {
            List<Object> own = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                own.add(things().patchAndGet(K, patch, ALWAYS).document().get("n"));
            }
            return own;
        });
        List<Object> all = new ArrayList<>();
        numbers.forEach(all::addAll);
        assertThat(all).doesNotHaveDuplicates().hasSize(60).contains(1, 60);
    }

    @Test
    void theServersTimeIsOneInstantOfAPatch() {
        Instant early = Instant.parse("2001-01-01T00:00:00Z");
        things().insert(K, Document.of("one", early, "two", "replaced"));
        Patch patch = Patch.serverTime(FieldPath.of("one"))
                .and(Patch.serverTime(FieldPath.of("two")))
                .and(Patch.serverTime(FieldPath.of("in.side")))
                .and(Patch.advance(FieldPath.of("millis")));
        Document after = things().patchAndGet(K, patch, ALWAYS).document();
        Instant time = after.get("one", Instant.class);
        assertThat(time)
                .isBetween(
                        Instant.now().minus(Duration.ofHours(1)), Instant.now().plus(Duration.ofHours(1)));
        assertThat(time).isEqualTo(Instant.ofEpochMilli(time.toEpochMilli()));
        assertThat(after.get("two")).isEqualTo(time);
        assertThat(after.get("in")).isEqualTo(doc("side", time));
        assertThat(after.get("millis")).isEqualTo(time.toEpochMilli());
        Instant later = things().patchAndGet(K, patch, ALWAYS).document().get("one", Instant.class);
        assertThat(later).isAfterOrEqualTo(time);
    }

    @Test
    void whatAdvancesOnlyGrows() {
        FieldPath at = FieldPath.of("in.at");
        Patch patch = Patch.advance(at);
        things().insert(K, doc("in", doc("at", 5)));
        long now = System.currentTimeMillis();
        long first = longAt(at, things().patchAndGet(K, patch, ALWAYS));
        assertThat(first).isBetween(now - 3_600_000, now + 3_600_000);
        List<List<Long>> all = together(4, () -> {
            List<Long> own = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                own.add(longAt(at, things().patchAndGet(K, patch, ALWAYS)));
            }
            assertThat(own).isSorted();
            return own;
        });
        List<Long> values = new ArrayList<>();
        all.forEach(values::addAll);
        assertThat(values).doesNotHaveDuplicates().allMatch(value -> value > first);
        long future = now + 7_200_000;
        things().replace(K, doc("in", doc("at", future)), ALWAYS);
        assertThat(longAt(at, things().patchAndGet(K, patch, ALWAYS))).isEqualTo(future + 1);
        for (Object misfit : List.of("text", 1.5, new BigDecimal("1"), List.of(), Long.MAX_VALUE)) {
            things().replace(K, doc("in", doc("at", misfit)), ALWAYS);
            assertFails(ErrorCode.INVALID_ARGUMENT, () -> things().patch(K, patch, ALWAYS));
            assertThat(things().find(K).orElseThrow().document()).isEqualTo(doc("in", doc("at", misfit)));
        }
    }

    private static long longAt(FieldPath path, StoredDocument stored) {
        return (Long) requireNonNull(path.read(stored.key(), stored.document()));
    }

    @Test
    void aPathThroughWhatIsNoDocumentIsRefused() {
        for (Object holder : List.of(5, "text", List.of(doc("side", doc("p", 1))), doc("side", List.of()))) {
            assertLeadsNowhere(DEEP, doc("in", holder));
        }
    }

    @Test
    void aNumberIsNoPlaceInAList() {
        FieldPath first = FieldPath.of("in").dot(FieldPath.quoted("0"));
        for (Object element : List.of(5, List.of(5), doc("p", 5))) {
            assertLeadsNowhere(first, doc("in", List.of(element, 1)));
            assertLeadsNowhere(first.dot(P), doc("in", List.of(element, 1)));
        }
        things().upsert(K, doc("in", doc("0", 1)), Set.of());
        assertThat(things().patchAndGet(K, Patch.increment(first, 1), ALWAYS).document())
                .isEqualTo(doc("in", doc("0", 2)));
    }

    private void assertLeadsNowhere(FieldPath path, Document before) {
        for (Patch patch : List.of(
                Patch.set(path, 1),
                Patch.increment(path, 1),
                Patch.max(path, 9),
                Patch.append(path, 1),
                Patch.appendIfAbsent(path, "a"),
                Patch.serverTime(path),
                Patch.advance(path),
                Patch.remove(path, 1),
                Patch.remove(path, "a"))) {
            things().upsert(K, before, Set.of());
            assertThat(codeOf(() -> things().patch(K, patch, ALWAYS)))
                    .as("%s of %s", patch, before)
                    .isEqualTo(codeOf(() -> patch.apply(before, Instant.EPOCH)))
                    .isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(things().find(K).orElseThrow().document()).isEqualTo(before);
        }
        things().patch(K, Patch.unset(path), ALWAYS);
        assertThat(things().find(K).orElseThrow().document()).isEqualTo(before);
    }

    @Test
    void whatNoDocumentCanHoldIsNotMadeByAPatch() {
        Document before = Document.of("deep", Samples.nested(99), "big", "x".repeat(8_000_000));
        things().insert(K, before);
        FieldPath far = new FieldPath(Collections.nCopies(101, "a"));
        for (Patch patch : List.of(
                Patch.set(FieldPath.of("more"), "x".repeat(8_000_000)),
                Patch.append(FieldPath.of("list"), "x".repeat(8_000_000)),
                Patch.increment(far, 1))) {
            assertThat(codeOf(() -> things().patch(K, patch, ALWAYS))).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        }
        assertThat(things().find(K).orElseThrow().document().equals(before)).isTrue();
    }

    @Test
    void quotedNamesArePatched() {
        FieldPath odd = FieldPath.quoted("a b; --").dot(FieldPath.quoted("[0]"));
        things().insert(K, doc("a", 1));
        things().patch(K, Patch.set(odd, 1).and(Patch.append(FieldPath.quoted("ä"), "x")), ALWAYS);
        things().patch(K, Patch.increment(odd, 2).and(Patch.remove(FieldPath.quoted("ä"), "x")), ALWAYS);
        assertThat(things().find(K).orElseThrow().document())
                .isEqualTo(Document.of("a", 1, "a b; --", doc("[0]", 3)).with("ä", List.of()));
    }

    @Test
    void listsThatManyChangeAtOnceLoseNothing() {
        things().insert(K, Document.empty());
        FieldPath list = FieldPath.of("list");
        FieldPath set = FieldPath.of("set");
        List<Integer> threads = Collections.synchronizedList(new ArrayList<>());
        together(4, () -> {
            threads.add(0);
            int own = threads.size();
            for (int i = 0; i < 10; i++) {
                things().patch(K, Patch.append(list, own * 100 + i).and(Patch.appendIfAbsent(set, i)), ALWAYS);
            }
            return true;
        });
        Document after = things().find(K).orElseThrow().document();
        assertThat((List<?>) after.get("list")).hasSize(40);
        assertThat((List<?>) after.get("set")).hasSize(10).doesNotHaveDuplicates();
    }
}
