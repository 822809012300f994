package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.BulkResult;
import org.corestack.store.StoreCollection;
import org.corestack.store.WatchOptions;
import org.junit.jupiter.api.Test;

/** Many writes at once, each by itself; deletes of all that match. */
abstract class BulkContract extends ConditionContract {
    private static final FieldPath N = FieldPath.of("n");
    private static final Key K = Key.of("k");

    private static Write insert(Object key, Document document) {
        return new Write.Insert(key(key), document);
    }

    private static Write increment(Object key) {
        return new Write.Apply(key(key), Patch.increment(N, 1), ALWAYS, false);
    }

    private static List<ErrorCode> codes(List<BulkResult> results) {
        List<ErrorCode> codes = new ArrayList<>();
        results.forEach(result -> codes.add(codeOf(result::get)));
        return codes;
    }

    private List<BulkResult> insertAll(int count) {
        List<Write> writes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            writes.add(insert(i, Document.of("n", i, "odd", i % 2 == 1)));
        }
        return things().writeAll(writes);
    }

    private static List<Write> mixed(long version) {
        Patch misfit = Patch.increment(FieldPath.of("text"), 1);
        return List.of(
                insert("new", doc("n", 1)),
                insert("there", doc("n", 2)),
                new Write.Replace(key("absent"), doc("n", 3), ALWAYS),
                new Write.Upsert(key("upserted"), doc("n", 4), Set.of()),
                new Write.Apply(key("there"), misfit, ALWAYS, false),
                new Write.Merge(key("there"), doc("n", 5), Set.of(), Condition.ifVersion(version + 1)),
                new Write.Merge(key("there"), doc("n", 6), Set.of("text"), Condition.ifVersion(version)),
                new Write.Delete(key("absent"), ALWAYS),
                new Write.Delete(key("new"), Condition.matching(Filter.compare(N, Operator.GT, 1))),
                increment("new"));
    }

    @Test
    void eachWriteSucceedsOrFailsByItself() {
        things().insert(key("there"), Document.of("n", 1, "text", "x"));
        long version = things().find(key("there")).orElseThrow().version();
        List<Write> writes = mixed(version);
        List<BulkResult> results = things().writeAll(writes);
        assertThat(results)
                .extracting(BulkResult::key)
                .containsExactlyElementsOf(writes.stream().map(Write::key).toList());
        assertThat(codes(results))
                .containsExactlyElementsOf(Arrays.asList(
                        null,
                        ErrorCode.ALREADY_EXISTS,
                        ErrorCode.NOT_FOUND,
                        null,
                        ErrorCode.INVALID_ARGUMENT,
                        ErrorCode.CONFLICT,
                        null,
                        ErrorCode.NOT_FOUND,
                        ErrorCode.CONFLICT,
                        null));
        assertThat(things().findMany(Filter.all(), FindOptions.ofDefaults()))
                .containsExactly(
                        new StoredDocument(
                                key("new"), doc("n", 2), results.get(9).get().version()),
                        new StoredDocument(
                                key("there"), doc("n", 6), results.get(6).get().version()),
                        new StoredDocument(
                                key("upserted"),
                                doc("n", 4),
                                results.get(3).get().version()));
    }

    @Test
    void whatIsNotThereIsNotMade() {
        List<BulkResult> results = things().writeAll(List.of(
                insert("a", doc("n", 1)),
                increment("absent"),
                new Write.Merge(key("missing"), doc("n", 1), Set.of(), ALWAYS),
                new Write.Merge(key(7), doc("n", 1), Set.of(), Condition.ifVersion(3)),
                insert("b", doc("n", 1))));
        assertThat(codes(results))
                .containsExactlyElementsOf(
                        Arrays.asList(null, ErrorCode.NOT_FOUND, ErrorCode.NOT_FOUND, ErrorCode.NOT_FOUND, null));
        assertThat(things().count(Filter.all())).isEqualTo(2);
    }

    @Test
    void theWritesOfOneKeyAreDoneInTheirOrder() {
        List<Write> writes = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (Object key : List.of("a", "b")) {
                writes.add(insert(key, doc("n", 0)));
                writes.add(increment(key));
                writes.add(new Write.Replace(
                        key(key), doc("n", 5), Condition.matching(Filter.compare(N, Operator.EQ, 1))));
                writes.add(new Write.Apply(key(key), Patch.set(N, 7), ALWAYS, true));
                if (round < 2) {
                    writes.add(new Write.Delete(key(key), Condition.matching(Filter.compare(N, Operator.EQ, 7))));
                }
            }
        }
        Heard heard = new Heard();
        List<BulkResult> results;
        try (var watch = things().watch(WatchOptions.ofDefaults(), heard)) {
            results = things().writeAll(writes);
            heard.awaitChanges(writes.size());
            assertThat(watch.isOpen()).isTrue();
        }
        for (Object key : List.of("a", "b")) {
            List<Long> versions = results.stream()
                    .filter(result -> result.key().equals(key(key)))
                    .map(result -> result.get().version())
                    .toList();
            assertThat(versions).hasSize(14).isSorted().doesNotHaveDuplicates();
            assertThat(things().find(key(key))).contains(new StoredDocument(key(key), doc("n", 7), versions.get(13)));
            assertThat(heard.changes)
                    .filteredOn(change -> change.key().equals(key(key)))
                    .extracting(change -> change.version())
                    .containsExactlyElementsOf(versions);
        }
    }

    @Test
    void noWritesAreNoneAndTooManyAreRefused() {
        assertThat(things().writeAll(List.of())).isEmpty();
        assertFails(
                ErrorCode.INVALID_ARGUMENT,
                () -> things().writeAll(Collections.nCopies(StoreCollection.MAX_WRITES + 1, increment("k"))));
        assertThat(things().find(K)).isEmpty();
    }

    @Test
    void manyAndLargeWritesAreTaken() {
        List<BulkResult> results = insertAll(3_000);
        assertThat(codes(results)).containsOnlyNulls();
        List<Write> large = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            large.add(insert("large " + i, doc("text", "x".repeat(1_000_000))));
        }
        large.add(insert(7, Document.empty()));
        assertThat(codes(things().writeAll(large)).subList(0, 20)).containsOnlyNulls();
        assertThat(things().count(Filter.all())).isEqualTo(3_020);
        assertThat(things().find(key("large 19")).orElseThrow().document().get("text", String.class))
                .hasSize(1_000_000);
        Set<Long> positions = new HashSet<>();
        results.forEach(result -> positions.add(result.get().version()));
        assertThat(things().find(key(2_999)).orElseThrow().version()).isIn(positions);
    }

    @Test
    void aUniqueIndexFailsTheWriteThatItForbidsAndNoOther() {
        things().ensureIndex(Index.on(N).asUnique().named("one-n"));
        List<BulkResult> results = things().writeAll(List.of(
                insert("a", doc("n", 1)),
                insert("b", doc("n", 1)),
                insert("c", doc("n", 2)),
                increment("a"),
                new Write.Upsert(key("d"), doc("n", 2.0), Set.of()),
                new Write.Delete(key("c"), ALWAYS),
                new Write.Upsert(key("e"), doc("n", 2), Set.of()),
                insert("f", doc("n", 3))));
        assertThat(codes(results))
                .containsExactlyElementsOf(Arrays.asList(
                        null,
                        ErrorCode.ALREADY_EXISTS,
                        null,
                        ErrorCode.ALREADY_EXISTS,
                        ErrorCode.ALREADY_EXISTS,
                        null,
                        null,
                        null));
        assertThat(((BulkResult.Failed) results.get(1)).error()).hasMessageContaining("one-n");
        assertThat(things().findMany(Filter.all(), FindOptions.ofDefaults()))
                .extracting(
                        found -> found.key().value() + "=" + found.document().get("n"))
                .containsExactly("a=1", "e=2", "f=3");
    }

    @Test
    void severalAtOnceLoseNothing() {
        things().writeAll(IntStream.range(0, 10)
                .mapToObj(i -> insert(i, doc("n", 0)))
                .toList());
        StoreCollection second = thingsOf(openClient("second"));
        List<Write> writes = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            writes.add(increment(i * 7 % 10));
        }
        List<Callable<List<ErrorCode>>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            StoreCollection on = i % 2 == 0 ? things() : second;
            calls.add(() -> codes(on.writeAll(writes)));
        }
        assertThat(together(calls)).allSatisfy(codes -> assertThat(codes).containsOnlyNulls());
        assertThat(things().findMany(Filter.all(), FindOptions.ofDefaults()))
                .hasSize(10)
                .allMatch(found -> found.document().equals(doc("n", 24)));
    }

    @Test
    void whatMatchesIsDeletedAndTheFeedShowsEach() {
        insertAll(2_500);
        Heard heard = new Heard();
        Filter odd = Filter.compare(FieldPath.of("odd"), Operator.EQ, true);
        try (var watch = things().watch(WatchOptions.ofDefaults().withKeysOnly(), heard)) {
            assertThat(things().deleteMany(odd)).isEqualTo(1_250);
            assertThat(things().deleteMany(odd)).isZero();
            assertThat(things().count(odd)).isZero();
            assertThat(things().count(Filter.all())).isEqualTo(1_250);
            heard.awaitChanges(1_250);
            Written last = things().insert(key("last"), Document.empty());
            awaitThat("the end", () -> watch.covers(last.position()));
        }
        assertThat(heard.told().subList(0, 1_250))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 1_250)
                        .mapToObj(i -> "DELETE " + (2 * i + 1))
                        .toList());
        assertThat(heard.changes).hasSize(1_251);
        assertThat(things().deleteMany(Filter.compare(FieldPath.key(), Operator.LT, 10)))
                .isEqualTo(5);
        assertThat(things().deleteMany(Filter.none())).isZero();
        assertThat(things().deleteMany(Filter.all())).isEqualTo(1_246);
        assertThat(things().count(Filter.all())).isZero();
        assertThat(store().collection("absent").deleteMany(Filter.all())).isZero();
    }

    @Test
    void whatNoLongerMatchesIsNotDeleted() {
        int count = 300;
        insertAll(count);
        Filter free = Filter.compare(FieldPath.of("kept"), Operator.EQ, null);
        List<Callable<List<Key>>> calls = new ArrayList<>();
        calls.add(() -> {
            List<Key> kept = new ArrayList<>();
            for (int i = count - 1; i >= 0; i -= 7) {
                Key key = key(i);
                Patch keep = Patch.set(FieldPath.of("kept"), true);
                if (codeOf(() -> things().patch(key, keep, Condition.matching(free))) == null) {
                    kept.add(key);
                }
            }
            return kept;
        });
        calls.add(() -> {
            things().deleteMany(free);
            return List.of();
        });
        List<Key> kept = together(calls).get(0);
        things().deleteMany(free);
        assertThat(things().findMany(Filter.all(), FindOptions.ofDefaults()))
                .extracting(StoredDocument::key)
                .containsExactlyInAnyOrderElementsOf(kept);
    }

    private long versionOf(int which, Write... writes) {
        return things().writeAll(List.of(writes)).get(which).get().version();
    }

    /** Ways to write one document that need what the ways before them left. */
    private List<Supplier<Long>> paths() {
        return List.of(
                () -> things().insert(K, doc("n", 1)).version(),
                () -> versionOf(0, increment("k")),
                () -> things().patchAndGet(K, Patch.increment(N, 1), ALWAYS).version(),
                () -> {
                    things().deleteMany(Filter.compare(N, Operator.GT, 0));
                    return things().insert(K, doc("n", 1)).version();
                },
                () -> versionOf(0, new Write.Delete(K, ALWAYS)),
                () -> versionOf(1, insert("k", doc("n", 1)), increment("k")),
                () -> versionOf(0, new Write.Replace(K, doc("n", 2), ALWAYS)),
                () -> versionOf(0, new Write.Merge(K, doc("n", 3), Set.of(), ALWAYS)),
                () -> versionOf(0, new Write.Upsert(K, doc("n", 4), Set.of())),
                () -> things().delete(K, ALWAYS)
                        .orElseThrow(() -> CoreException.notFound("k"))
                        .version());
    }

    @Test
    void versionsOfAKeyNeverComeAgainOnAnyPath() {
        List<Supplier<Long>> paths = paths();
        List<Long> versions = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            for (Supplier<Long> path : paths) {
                versions.add(path.get());
                long last = versions.get(versions.size() - 1);
                things().find(K).ifPresent(found -> assertThat(found.version()).isEqualTo(last));
            }
        }
        assertThat(versions).isSorted().doesNotHaveDuplicates();
    }
}
