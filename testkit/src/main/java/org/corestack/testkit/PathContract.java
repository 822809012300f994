package org.corestack.testkit;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.FindOptions;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.errors.ErrorCode;
import org.corestack.store.WatchOptions;
import org.junit.jupiter.api.Test;

/** Where filters look and how they are put together: keys, their components, quoted names, deep and wide filters. */
abstract class PathContract extends FilterContract {
    /** Names that have to be quoted, or look as if. */
    private static final List<String> QUOTED = List.of(
            "ä b",
            "a b",
            "e\u0301",
            "?",
            "%s",
            ":v",
            "@",
            "#",
            "[0]",
            "{}",
            "(",
            "*",
            "a/b",
            "x; DROP TABLE things --",
            "select",
            "0",
            "^",
            "|",
            "~",
            "<=>",
            "a-b",
            "+",
            "\u4e2d\u6587");

    private static Map<Key, Document> everyKey() {
        Map<Key, Document> documents = new LinkedHashMap<>();
        for (Object value : List.of(
                "",
                "a",
                "A",
                "ab",
                "ä",
                "\ue000",
                "\ud83d\ude00",
                0,
                1,
                -1,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                true,
                false,
                new UUID(0, 1),
                new UUID(-1, 1),
                Instant.EPOCH,
                Instant.ofEpochMilli(-1),
                new byte[] {},
                new byte[] {1},
                Document.of("region", "eu", "n", 1),
                Document.of("n", 1, "region", "eu"),
                Document.of("region", "us", "n", 2L),
                doc("region", doc("name", "eu")),
                doc("n", true))) {
            documents.put(key(value), doc("v", documents.size()));
        }
        return documents;
    }

    @Test
    void keysAreFilteredLikeFields() {
        Map<Key, Document> documents = everyKey();
        Corpus corpus = Corpus.of(things(), documents);
        FieldPath key = FieldPath.key();
        for (Key each : documents.keySet()) {
            corpus.assertFinds(eq(key, each.value()));
            corpus.assertFinds(in(key, each.value(), "none"));
            if (!each.isRecord()) {
                for (Operator operator : Operator.values()) {
                    corpus.assertFinds(Filter.compare(key, operator, each.value()));
                }
            }
        }
        corpus.assertFinds(new Filter.Prefix(key, "a"));
        corpus.assertFinds(new Filter.Prefix(key, ""));
        corpus.assertFinds(new Filter.Exists(key));
        corpus.assertFinds(
                in(key, 1, "a", true, Document.of("n", 1, "region", "eu")).or(eq(V, 3)));
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> eq(key, 1.0));
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> eq(key, null));
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> Filter.compare(key, Operator.LT, doc("n", 1)));
    }

    @Test
    void componentsOfKeysAreFilteredLikeFields() {
        Corpus corpus = Corpus.of(things(), everyKey());
        for (FieldPath path : List.of(
                FieldPath.key("region"), FieldPath.key("n"), FieldPath.key("region.name"), FieldPath.key("absent"))) {
            for (Object operand : Arrays.asList("eu", "us", 1, 1.0, new BigDecimal("2"), true)) {
                corpus.assertFinds(eq(path, operand));
                corpus.assertFinds(Filter.compare(path, Operator.LT, operand));
                corpus.assertFinds(Filter.compare(path, Operator.GTE, operand));
            }
            corpus.assertFinds(eq(path, null));
            corpus.assertFinds(in(path, "eu", 2, null));
            corpus.assertFinds(new Filter.Exists(path));
            corpus.assertFinds(new Filter.Prefix(path, "e"));
        }
    }

    @Test
    void quotedNamesAreFilteredAndOddOnesRefused() {
        List<Document> documents = new ArrayList<>();
        for (String name : QUOTED) {
            documents.add(doc(name, 1));
            documents.add(doc(name, doc(name, List.of("a"))));
        }
        Corpus corpus = Corpus.of(things(), documents);
        for (String name : QUOTED) {
            FieldPath path = FieldPath.quoted(name);
            corpus.assertFinds(eq(path, 1));
            corpus.assertFinds(new Filter.Exists(path));
            corpus.assertFinds(any(path.dot(path), new Filter.Prefix(ELEMENT, "a")));
        }
        for (String name : List.of("a.b", "$a", "a'b", "a\"b", "a\\b", "a`b", "a\nb", "", "a\0")) {
            assertFails(ErrorCode.INVALID_ARGUMENT, () -> FieldPath.quoted(name));
        }
    }

    @Test
    void filtersAreNestedAndLong() {
        Corpus corpus = Corpus.of(
                things(), IntStream.range(0, 40).mapToObj(i -> doc("v", i)).toList());
        Filter deep = eq(V, 7);
        while (deepIsAllowed(deep)) {
            deep = new Filter.And(List.of(eq(V, 3), new Filter.Not(deep))).not();
        }
        corpus.assertFinds(deep);
        Filter wide = Filter.none();
        for (int i = 0; i < 300; i += 3) {
            wide = wide.or(eq(V, i).and(Filter.compare(V, Operator.LT, i + 1)));
        }
        corpus.assertFinds(wide);
        corpus.assertFinds(Filter.none().or(Filter.none()));
        corpus.assertFinds(eq(V, 1).and(eq(V, 2).or(eq(V, 1))));
    }

    private static boolean deepIsAllowed(Filter filter) {
        return codeOf(() -> new Filter.Not(new Filter.And(List.of(new Filter.Not(filter))))) == null;
    }

    @Test
    void aFilterOnAnElementNeedsAListAround() {
        Filter bare = eq(ELEMENT, 1);
        for (Filter filter : List.of(bare, bare.not(), eq(V, 1).or(bare), any(ELEMENT, eq(V, 1)))) {
            assertFails(ErrorCode.INVALID_ARGUMENT, () -> things().findMany(filter, FindOptions.ofDefaults()));
            assertFails(ErrorCode.INVALID_ARGUMENT, () -> things().stream(filter, FindOptions.ofDefaults()));
            assertFails(ErrorCode.INVALID_ARGUMENT, () -> things().count(filter));
            assertFails(ErrorCode.INVALID_ARGUMENT, () -> things().deleteMany(filter));
            assertFails(ErrorCode.INVALID_ARGUMENT, () -> things().snapshot(filter));
            assertFails(ErrorCode.INVALID_ARGUMENT, () -> Condition.matching(filter));
            assertFails(
                    ErrorCode.INVALID_ARGUMENT,
                    () -> things().watch(WatchOptions.ofDefaults().withFilter(filter), change -> {}));
        }
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> any(LIST, eq(FieldPath.key(), 1)));
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> Patch.set(FieldPath.key("a"), 1));
    }
}
