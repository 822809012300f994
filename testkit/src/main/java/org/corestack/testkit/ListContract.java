package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Sort;
import org.corestack.document.Sort.Term;
import org.corestack.document.StoredDocument;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;

/** How lists are given: in which order, from where to where, which fields. */
abstract class ListContract extends PathContract {
    private static final FieldPath W = FieldPath.of("w");
    private static final FieldPath DEEP = FieldPath.of("in.a");

    /** Documents whose sorted values are of one class each, with many equal ones. */
    private Corpus rows() {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < 240; i++) {
            Document.Builder document = Document.builder()
                    .put("v", i % 7 == 0 ? (Object) (double) (i % 5) : (Object) (i % 5))
                    .put("w", "t" + i % 11)
                    .put("in", Document.of("a", (long) -i, "b", List.of(i, doc("c", i))));
            documents.add(i % 13 == 0 ? document.build().without("v") : document.build());
        }
        return Corpus.of(things(), documents);
    }

    @Test
    void onlySomeFieldsAreGiven() {
        Corpus corpus = rows();
        FindOptions options = FindOptions.ofDefaults();
        for (List<FieldPath> only : List.of(
                List.of(V),
                List.of(DEEP),
                List.of(V, FieldPath.of("in.b")),
                List.of(DEEP, FieldPath.of("in")),
                List.of(FieldPath.of("in.b.c"), W),
                List.of(FieldPath.of("absent"), FieldPath.of("v.inner")),
                List.of(FieldPath.quoted("an absent one")))) {
            corpus.assertFinds(Filter.all(), options.only(only));
        }
        FindOptions byOthers = FindOptions.sortBy(Sort.descending(DEEP))
                .only(List.of(W))
                .skip(3)
                .limit(50);
        corpus.assertFinds(Filter.compare(V, Operator.GT, 1), byOthers);
        assertThat(things().findMany(eq(V, 3), options.only(List.of(FieldPath.of("absent")))))
                .isNotEmpty()
                .allMatch(found -> found.document().isEmpty() && found.version() > 0);
    }

    @Test
    void aProjectionKeepsTypesAndOddNames() {
        List<Document> documents = new ArrayList<>();
        for (Object value : Samples.all()) {
            documents.add(Document.of("v", value, "in", Document.of("a", value, "b", 1))
                    .with("a b", value));
        }
        Corpus corpus = Corpus.of(things(), documents);
        for (FieldPath path : List.of(V, DEEP, FieldPath.quoted("a b"), FieldPath.of("v.a"))) {
            corpus.assertFinds(Filter.all(), FindOptions.ofDefaults().only(List.of(path)));
        }
    }

    @Test
    void aListIsGivenFromSomewhereToSomewhere() {
        Corpus corpus = rows();
        List<Sort> sorts = List.of(
                Sort.byKey(),
                Sort.descending(FieldPath.key()),
                Sort.ascending(V),
                Sort.descending(V),
                Sort.ascending(W).then(Sort.descending(V)),
                Sort.descending(V).then(Sort.ascending(W)).then(Sort.descending(DEEP)),
                Sort.descending(V).then(Sort.descending(FieldPath.key())));
        withoutAndWithIndex(() -> {
            for (Sort sort : sorts) {
                FindOptions options = FindOptions.sortBy(sort);
                for (long skip : new long[] {0, 1, 99, 239, 240, 10_000, Long.MAX_VALUE}) {
                    corpus.assertFinds(Filter.all(), options.skip(skip));
                    corpus.assertFinds(
                            Filter.compare(V, Operator.LTE, 2),
                            options.skip(skip).limit(7));
                }
                corpus.assertFinds(Filter.compare(V, Operator.LTE, 2), options.limit(Long.MAX_VALUE));
                corpus.assertFinds(Filter.all(), options.skip(3).limit(150));
            }
        });
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> FindOptions.ofDefaults().skip(-1));
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> FindOptions.ofDefaults().limit(0));
    }

    @Test
    void compoundIndexesGiveTheSameLists() {
        Corpus corpus = rows();
        List<Index> indexes = List.of(
                Index.on(V, W),
                Index.of(List.of(new Term(W, true), new Term(V, false))),
                Index.on(W, DEEP).asSparse());
        List<Filter> filters = List.of(
                Filter.all(),
                eq(W, "t3"),
                eq(V, 2).and(Filter.compare(W, Operator.GT, "t2")),
                in(V, 1, 3.0, null).and(new Filter.Prefix(W, "t1")),
                eq(V, null),
                new Filter.Exists(V).not(),
                eq(W, "t4").and(Filter.compare(DEEP, Operator.LT, -100)));
        things().ensureIndexes(indexes);
        for (Filter filter : filters) {
            for (Index index : indexes) {
                corpus.assertFinds(filter, FindOptions.sortBy(new Sort(index.terms())));
            }
            corpus.assertFinds(filter);
        }
    }

    @Test
    void aListIsInTheOrderOfComponentsOfKeys() {
        Map<Key, Document> documents = new LinkedHashMap<>();
        for (int i = 0; i < 60; i++) {
            documents.put(key(Document.of("region", "r" + i % 4, "n", i * 7 % 60)), doc("v", i % 3));
        }
        Corpus corpus = Corpus.of(things(), documents);
        FieldPath n = FieldPath.key("n");
        FieldPath region = FieldPath.key("region");
        for (Sort sort : List.of(
                Sort.ascending(n),
                Sort.descending(region).then(Sort.ascending(n)),
                Sort.ascending(V).then(Sort.descending(n)))) {
            corpus.assertFinds(Filter.all(), FindOptions.sortBy(sort));
            corpus.assertFinds(
                    eq(region, "r2"), FindOptions.sortBy(sort).skip(2).limit(5));
        }
    }

    @Test
    void quotedNamesAreSortedBy() {
        Corpus corpus = Corpus.of(
                things(),
                IntStream.range(0, 20)
                        .mapToObj(i -> doc("a b; --", doc("ä", i * 7 % 20)))
                        .toList());
        FieldPath path = FieldPath.quoted("a b; --").dot(FieldPath.quoted("ä"));
        corpus.assertFinds(Filter.all(), FindOptions.sortBy(Sort.descending(path)));
        things().ensureIndex(Index.on(path));
        things().ensureIndex(Index.on(path));
        corpus.assertFinds(Filter.compare(path, Operator.GTE, 4), FindOptions.sortBy(Sort.ascending(path)));
    }

    @Test
    void stringsAreSortedByCodePoint() {
        List<String> inOrder = List.of(
                "",
                " ",
                "1",
                "A",
                "B",
                "a",
                "a ",
                "ab",
                "a\u0308",
                "b",
                "ß",
                "ä",
                "\ue000",
                "\uffff",
                "\ud800\udc00",
                "\ud83d\ude00",
                "\udbff\udfff");
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < inOrder.size(); i++) {
            documents.add(doc("v", inOrder.get(i * 7 % inOrder.size())));
        }
        Corpus corpus = Corpus.of(things(), documents);
        withoutAndWithIndex(() -> {
            assertThat(things().findMany(Filter.all(), FindOptions.sortBy(Sort.ascending(V))))
                    .extracting((StoredDocument found) -> found.document().get("v"))
                    .containsExactlyElementsOf(inOrder);
            for (String text : inOrder) {
                for (Operator operator : Operator.values()) {
                    corpus.assertFinds(Filter.compare(V, operator, text), FindOptions.sortBy(Sort.descending(V)));
                }
            }
        });
    }
}
