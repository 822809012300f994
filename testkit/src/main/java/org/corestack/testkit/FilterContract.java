package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every kind of filter finds what it means, and its complement finds exactly the rest. */
abstract class FilterContract extends QueryContract {
    static final FieldPath V = FieldPath.of("v");
    static final FieldPath LIST = FieldPath.of("list");
    static final FieldPath LINES = FieldPath.of("lines");
    static final FieldPath ELEMENT = FieldPath.element();

    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "A",
            "ab",
            "aB",
            "a%",
            "a_",
            "a\\",
            "a*",
            "a.",
            "[a]",
            "^a",
            "(a",
            "a\u0308",
            "ä",
            "äb",
            "\ue000a",
            "\uffff",
            "\uffffb",
            "\ud83d\ude00",
            "\ud83d\ude00a",
            "\ud83d\ude01",
            "\udbff\udfff",
            "\udbff\udfff\udbff\udfff",
            "a'b",
            "a\"b",
            "a\nb",
            "x".repeat(3_000) + "y");

    private static final List<String> PREFIXES = List.of(
            "",
            "a",
            "A",
            "ab",
            "a%",
            "%",
            "_",
            "a_",
            "a\\",
            "\\",
            "*",
            "a*",
            ".",
            "a.",
            ".*",
            "[a]",
            "[",
            "^",
            "^a",
            "(",
            "(a",
            "a\u0308",
            "ä",
            "\ue000",
            "\uffff",
            "\ud83d\ude00",
            "\udbff\udfff",
            "a'",
            "a\"",
            "a\n",
            "x".repeat(3_000),
            "x".repeat(3_001),
            "1",
            "true");

    static Filter eq(FieldPath path, @Nullable Object value) {
        return Filter.compare(path, Operator.EQ, value);
    }

    static Filter in(FieldPath path, @Nullable Object... values) {
        return new Filter.In(path, Arrays.asList(values));
    }

    static Filter any(FieldPath list, Filter element) {
        return new Filter.Any(list, element);
    }

    /** A document for each value, with the value in it at several places, and some where these places are odd. */
    private Corpus everything() {
        List<Document> documents = new ArrayList<>();
        for (Object value : Samples.all()) {
            documents.add(Document.builder()
                    .put("v", value)
                    .put("in", doc("v", value))
                    .put("list", Arrays.asList(documents.size(), value))
                    .put("lines", List.of(doc("v", value), "text"))
                    .build());
        }
        documents.add(Document.empty());
        documents.add(Document.of("in", 5, "list", 7).with("lines", "text"));
        documents.add(Document.of("in", Document.empty(), "list", List.of()).with("lines", List.of(Document.empty())));
        documents.add(Document.of("in", List.of(doc("v", 1)), "list", Arrays.asList(null, null)));
        documents.add(Document.of("in", null, "list", null).with("lines", doc("v", 1)));
        return Corpus.of(things(), documents);
    }

    @Test
    void aFilterAndItsComplementShareAllDocumentsOut() {
        Corpus corpus = everything();
        FieldPath inner = FieldPath.of("in.v");
        List<Filter> filters = new ArrayList<>(List.of(Filter.all(), Filter.none()));
        for (FieldPath path : List.of(V, inner, FieldPath.of("in"), LIST, FieldPath.of("absent"))) {
            for (Operator operator : Operator.values()) {
                filters.add(Filter.compare(path, operator, 1));
                filters.add(Filter.compare(path, operator, "a"));
            }
            filters.add(eq(path, null));
            filters.add(in(path, 1, "a", null));
            filters.add(in(path));
            filters.add(new Filter.Exists(path));
            filters.add(new Filter.Prefix(path, "a"));
            filters.add(new Filter.Prefix(path, ""));
            filters.add(any(path, Filter.all()));
        }
        withoutAndWithIndex(() -> {
            filters.forEach(corpus::assertFinds);
            for (int i = 0; i + 7 < filters.size(); i += 3) {
                corpus.assertFinds(filters.get(i).and(filters.get(i + 7).not()));
                corpus.assertFinds(filters.get(i).or(filters.get(i + 7).not()));
                corpus.assertFinds(filters.get(i).not().or(filters.get(i + 7)).not());
            }
        });
    }

    @Test
    void inMeansEqualToOneOfTheValues() {
        Corpus corpus = everything();
        List<Object> scalars = Samples.scalars();
        withoutAndWithIndex(() -> {
            for (int i = 0; i < scalars.size(); i++) {
                corpus.assertFinds(in(V, scalars.get(i)));
                corpus.assertFinds(
                        in(FieldPath.of("in.v"), scalars.get(i), scalars.get((i + 31) % scalars.size()), null));
            }
            corpus.assertFinds(new Filter.In(V, List.copyOf(scalars)));
        });
    }

    @Test
    void aLongListOfValuesIsTaken() {
        Corpus corpus = Corpus.of(
                things(),
                IntStream.range(0, 50).mapToObj(i -> doc("v", i * 400)).toList());
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < Filter.MAX_VALUES; i++) {
            values.add(i);
        }
        corpus.assertFinds(new Filter.In(V, values));
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> new Filter.In(V, Collections.nCopies(Filter.MAX_VALUES + 1, 1)));
    }

    @Test
    void aFilterMayHaveManyParts() {
        Document.Builder all = Document.builder();
        List<Filter> parts = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            all.put("f" + i, i);
            parts.add(Filter.compare(FieldPath.of("f" + i), Operator.EQ, i));
        }
        Corpus corpus = Corpus.of(
                things(),
                List.of(all.build(), all.build().with("f399", 0), all.build().without("f0"), doc("f0", 0)));
        corpus.assertFinds(new Filter.And(parts));
        corpus.assertFinds(new Filter.Or(parts));
    }

    @Test
    void aPrefixIsTakenLetterByLetter() {
        List<Document> documents = new ArrayList<>();
        for (String text : TEXTS) {
            documents.add(Document.of("v", text, "list", List.of(text)));
        }
        documents.addAll(List.of(doc("v", List.of("a")), doc("v", 1), doc("v", true), doc("v", doc("v", "a"))));
        Corpus corpus = Corpus.of(things(), documents);
        withoutAndWithIndex(() -> {
            for (String prefix : PREFIXES) {
                corpus.assertFinds(new Filter.Prefix(V, prefix));
                corpus.assertFinds(any(LIST, new Filter.Prefix(ELEMENT, prefix)));
            }
        });
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> new Filter.Prefix(V, "\ud83d"));
    }

    @Test
    void anyLooksAtTheElementsOfAList() {
        Corpus corpus = everything();
        for (Object operand : Samples.scalars()) {
            corpus.assertFinds(any(LIST, eq(ELEMENT, operand)));
            corpus.assertFinds(any(LINES, eq(V, operand)));
            if (!(operand instanceof Boolean)) {
                corpus.assertFinds(any(LIST, Filter.compare(ELEMENT, Operator.GT, operand)));
            }
        }
        corpus.assertFinds(any(LIST, eq(ELEMENT, null)));
        corpus.assertFinds(any(LINES, eq(V, null)));
        corpus.assertFinds(any(LINES, eq(V, null).not()));
        corpus.assertFinds(any(LINES, new Filter.Exists(V)));
        corpus.assertFinds(any(LINES, new Filter.Exists(V).not()));
        corpus.assertFinds(any(LIST, new Filter.Exists(ELEMENT)));
        corpus.assertFinds(any(LIST, in(ELEMENT, 1, "a", null)));
        corpus.assertFinds(any(LIST, Filter.none()));
    }

    @Test
    void oneElementMustFulfilAllThatAnyAsks() {
        Corpus corpus = Corpus.of(
                things(),
                List.of(
                        doc("lines", List.of(Document.of("sku", "X", "n", 1), Document.of("sku", "Y", "n", 9))),
                        doc("lines", List.of(Document.of("sku", "X", "n", 9))),
                        doc("lines", List.of(Document.of("sku", "X"), Document.of("n", 9))),
                        doc("lines", List.of(1, "X", List.of(Document.of("sku", "X", "n", 9)))),
                        doc("lines", Document.of("sku", "X", "n", 9)),
                        doc("list", List.of(1, 9)),
                        doc("list", List.of(5)),
                        doc("list", List.of(List.of(5), "5", 5.5))));
        Filter x = eq(FieldPath.of("sku"), "X");
        Filter many = Filter.compare(FieldPath.of("n"), Operator.GT, 5);
        Filter between = Filter.compare(ELEMENT, Operator.GT, 2).and(Filter.compare(ELEMENT, Operator.LT, 6));
        assertThat(keys(any(LINES, x.and(many)))).containsExactly(1L);
        assertThat(keys(any(LIST, between))).containsExactly(6L, 7L);
        for (Filter filter : List.of(
                x.and(many), x.or(many), x.not(), x.and(many.not()), x.not().and(many.not()))) {
            corpus.assertFinds(any(LINES, filter));
        }
        corpus.assertFinds(any(LIST, between));
        corpus.assertFinds(any(LIST, between.not()));
        corpus.assertFinds(any(LIST, eq(ELEMENT, 5).or(eq(ELEMENT, "5")).not()));
    }

    @Test
    void anyLooksIntoListsWithinLists() {
        Corpus corpus = Corpus.of(
                things(),
                List.of(
                        doc("list", List.of(List.of(1, 2), List.of(3))),
                        doc("list", List.of(List.of(), 1)),
                        doc("list", List.of(1, 2)),
                        doc("lines", List.of(doc("tags", List.of("a", "b")), doc("tags", List.of("c")))),
                        doc("lines", List.of(doc("tags", "a"), doc("tags", List.of()))),
                        doc("lines", List.of(doc("in", doc("lines", List.of(doc("v", 7))))))));
        Filter tags = any(FieldPath.of("tags"), in(ELEMENT, "a", "c"));
        assertThat(keys(any(LIST, any(ELEMENT, eq(ELEMENT, 1))))).containsExactly(0L);
        assertThat(keys(any(LINES, tags))).containsExactly(3L);
        assertThat(keys(any(LINES, any(FieldPath.of("in.lines"), eq(V, 7))))).containsExactly(5L);
        for (Filter filter : List.of(
                any(LIST, any(ELEMENT, eq(ELEMENT, 1))),
                any(LIST, any(ELEMENT, Filter.all()).not()),
                any(LINES, tags),
                any(LINES, tags.not()),
                any(LINES, any(FieldPath.of("tags"), Filter.all()).or(eq(FieldPath.of("tags"), "a"))),
                any(LINES, any(FieldPath.of("in.lines"), eq(V, 7).and(new Filter.Exists(V)))))) {
            corpus.assertFinds(filter);
        }
    }

    @Test
    void aNumberIsTheNameOfAFieldAndNoPlaceInAList() {
        FieldPath first = FieldPath.quoted("0");
        FieldPath within = LIST.dot(first);
        Corpus corpus = Corpus.of(
                things(),
                List.of(
                        doc("list", List.of(5)),
                        doc("list", List.of(List.of(5), List.of(List.of(5)), List.of(doc("v", 5)))),
                        doc("list", List.of(doc("0", 5), doc("0", List.of(5)), doc("0", doc("v", 5)))),
                        doc("list", doc("0", 5)),
                        doc("list", List.of(List.of("a")))));
        assertThat(keys(eq(within, 5))).containsExactly(3L);
        assertThat(keys(any(LIST, eq(first, 5)))).containsExactly(2L);
        for (Filter filter : List.of(
                eq(within, 5),
                eq(within, null),
                new Filter.Exists(within),
                eq(within.dot(V), 5),
                any(LIST, eq(first, 5)),
                any(LIST, in(first, 5, 6)),
                any(LIST, new Filter.Exists(first)),
                any(LIST, new Filter.Prefix(first, "a")),
                any(LIST, eq(first.dot(V), 5)),
                any(LIST, any(first, eq(ELEMENT, 5))),
                any(LIST, any(first, eq(V, 5))))) {
            corpus.assertFinds(filter);
        }
    }
}
