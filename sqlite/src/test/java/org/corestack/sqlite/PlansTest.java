package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Sort;
import org.corestack.document.Write;
import org.corestack.sql.PagedQuery;
import org.corestack.sql.SqlPart;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sqlite.SQLiteDataSource;

/** SQLite serves every filter, sort and page from the index: read from its own plans. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlansTest {
    private static final FieldPath PATH = FieldPath.of("x.y");
    private static final CollectionName NAME = new CollectionName("s", "c");
    private static final String INDEX = "USING INDEX s.c:by-x-y";

    private static final String KEYS = "SEARCH s.c USING INDEX sqlite_autoindex_s.c_1 ";

    private Engine engine;
    private SQLiteDataSource source;

    @BeforeAll
    void open() {
        engine = Engines.open("sqlite::memory:");
        EngineCollection collection = engine.store("s").collection("c");
        Engines.write(collection, new Write.Insert(Key.of(1), Document.empty()));
        collection.ensureIndexes(
                List.of(
                        Index.on(PATH).named("by-x-y"),
                        Index.of(List.of(
                                        new Sort.Term(FieldPath.of("a"), false),
                                        new Sort.Term(FieldPath.of("b"), true)))
                                .named("compound"),
                        Index.on(FieldPath.of("u")).named("u").asUnique(),
                        Index.on(FieldPath.of("sp")).named("sp").asSparse()),
                Engines.soon());
        source = engine.unwrap(SQLiteDataSource.class).orElseThrow();
    }

    @AfterAll
    void close() {
        engine.close();
    }

    static Stream<Filter> filters() {
        List<Object> values = List.of(
                1, 1L, 1.5, new BigDecimal("1.10"), "text", true, Instant.EPOCH, new UUID(1, 2), Bytes.of((byte) 1));
        return Stream.concat(
                Stream.of(Filter.compare(PATH, Operator.EQ, null)),
                values.stream()
                        .flatMap(value ->
                                Stream.of(Operator.values()).map(operator -> Filter.compare(PATH, operator, value))));
    }

    @ParameterizedTest
    @MethodSource("filters")
    void aFilterIsARangeOfTheIndex(Filter filter) throws SQLException {
        boolean equal = ((Filter.Compare) filter).operator() == Operator.EQ;
        String plan = plan(query(filter, Sort.byKey()).first(10));
        assertThat(plan)
                .contains("SEARCH s.c " + INDEX + (equal ? " (<expr>=? AND <expr>=?" : " (<expr>>? AND <expr><?)"));
        assertThat(plan.contains("TEMP B-TREE")).as(plan).isEqualTo(!equal);
    }

    @ParameterizedTest
    @MethodSource("filters")
    void aFilterAndASortAreServedTogether(Filter filter) throws SQLException {
        String plan = plan(query(filter, Sort.ascending(PATH)).first(10));
        assertThat(plan).contains("SEARCH s.c " + INDEX).doesNotContain("TEMP B-TREE");
    }

    @Test
    void aSortReadsTheIndexInOrder() throws SQLException {
        assertThat(plan(query(Filter.all(), Sort.ascending(PATH)).first(10)))
                .contains("SCAN s.c " + INDEX)
                .doesNotContain("TEMP B-TREE");
        // Equal values come in the order of the keys, which is the other way round: sorted value by value.
        assertThat(plan(query(Filter.all(), Sort.descending(PATH)).first(10)))
                .contains("SCAN s.c " + INDEX, "TEMP B-TREE FOR LAST TERM OF ORDER BY");
    }

    @Test
    void aPageBeginsWhereTheLastOneEnded() throws SQLException {
        for (Sort sort : List.of(Sort.ascending(PATH), Sort.descending(PATH))) {
            PagedQuery query = query(Filter.all(), sort);
            List<Object> anchor = List.of("value", "1", "key");
            assertThat(query.stages()).isEqualTo(2);
            assertThat(plan(query.next(anchor, 0, 10)))
                    .contains("SEARCH s.c " + INDEX + " (<expr>=? AND <expr>=? AND key>?)")
                    .doesNotContain("TEMP B-TREE");
            assertThat(plan(query.next(anchor, 1, 10))).contains("SEARCH s.c " + INDEX + " (<expr>");
        }
    }

    @Test
    void aListByKeyReadsTheKeysInOrder() throws SQLException {
        PagedQuery query = query(Filter.all(), Sort.byKey());
        assertThat(plan(query.first(10)))
                .contains("SCAN s.c USING INDEX sqlite_autoindex")
                .doesNotContain("TEMP");
        assertThat(plan(query.next(List.of("key"), 0, 10)))
                .contains("SEARCH s.c USING INDEX sqlite_autoindex_s.c_1 (key>?)")
                .doesNotContain("TEMP");
    }

    @Test
    void oneOfSeveralIsSearchedFor() throws SQLException {
        for (List<Object> values : List.of(
                List.<Object>of(1, 2L, 1.5),
                List.<Object>of(new BigDecimal("0.1"), new BigDecimal("0.3")),
                List.<Object>of("a", "b"),
                List.<Object>of(Instant.EPOCH, Instant.EPOCH.plusSeconds(1)),
                List.<Object>of(new UUID(1, 2), Bytes.of((byte) 1)),
                List.<Object>of(true, false),
                List.<Object>of(1, "a", true, new BigDecimal("0.1"), new UUID(1, 2)))) {
            assertThat(plan(query(new Filter.In(PATH, values), Sort.byKey()).first(10)))
                    .as("%s", values)
                    .contains("SEARCH s.c " + INDEX + " (<expr>=?")
                    .doesNotContain("SCAN s.c");
        }
        List<Object> withNull = new ArrayList<>(List.of(1, "a"));
        withNull.add(null);
        assertThat(plan(query(new Filter.In(PATH, withNull), Sort.byKey()).first(10)))
                .doesNotContain("SCAN s.c");
    }

    @Test
    void oneOrAnotherIsSearchedFor() throws SQLException {
        Filter or = Filter.compare(PATH, Operator.GT, "z");
        for (Object value : List.of(1, "a", true, Instant.EPOCH, new UUID(1, 2))) {
            or = or.or(Filter.compare(PATH, Operator.EQ, value));
        }
        assertThat(plan(query(or, Sort.byKey()).first(10)))
                .contains("MULTI-INDEX OR", "SEARCH s.c " + INDEX)
                .doesNotContain("SCAN s.c");
    }

    @Test
    void aPrefixIsARangeThatIsReadInOrder() throws SQLException {
        for (String prefix : List.of("a", "50%", "", "\udbff\udfff")) {
            assertThat(plan(query(new Filter.Prefix(PATH, prefix), Sort.ascending(PATH))
                            .first(10)))
                    .contains("SEARCH s.c " + INDEX + " (<expr>>? AND <expr><?)")
                    .doesNotContain("TEMP B-TREE");
            assertThat(plan(query(new Filter.Prefix(FieldPath.key(), prefix), Sort.byKey())
                            .first(10)))
                    .contains(KEYS + "(key>? AND key<?)")
                    .doesNotContain("TEMP B-TREE");
        }
    }

    @Test
    void keysAreRangesOfTheirOwnIndex() throws SQLException {
        FieldPath key = FieldPath.key();
        for (Object value : List.of("a", 1, true, new UUID(1, 2), Instant.EPOCH, Bytes.of((byte) 1))) {
            for (Operator operator : Operator.values()) {
                assertThat(plan(query(Filter.compare(key, operator, value), Sort.byKey())
                                .first(10)))
                        .as("%s %s", operator, value)
                        .contains(KEYS + (operator == Operator.EQ ? "(key=?)" : "(key>? AND key<?)"))
                        .doesNotContain("TEMP B-TREE");
            }
        }
        Filter several = new Filter.In(key, List.of("a", 1, Document.of("r", 1)));
        assertThat(plan(query(several, Sort.byKey()).first(10)))
                .contains(KEYS + "(key=?)")
                .doesNotContain("SCAN s.c");
        assertThat(plan(query(Filter.all(), Sort.descending(key)).first(10)))
                .contains("SCAN s.c USING INDEX sqlite_autoindex")
                .doesNotContain("TEMP B-TREE");
    }

    @Test
    void compoundIndexesServeWhatBeginsWithTheirPaths() throws SQLException {
        FieldPath a = FieldPath.of("a");
        FieldPath b = FieldPath.of("b");
        String compound = "USING INDEX s.c:compound ";
        Filter equal = Filter.compare(a, Operator.EQ, "x");
        Sort sort = Sort.ascending(a).then(Sort.descending(b));
        assertThat(plan(query(Filter.all(), sort).first(10)))
                .contains("SCAN s.c USING INDEX s.c:compound")
                .doesNotContain("TEMP B-TREE");
        assertThat(plan(query(equal, sort).first(10)))
                .contains("SEARCH s.c " + compound + "(<expr>=? AND <expr>=?)")
                .doesNotContain("TEMP B-TREE");
        assertThat(plan(query(equal.and(Filter.compare(b, Operator.GT, 1)), sort)
                        .first(10)))
                .contains("SEARCH s.c " + compound + "(<expr>=? AND <expr>=? AND <expr>>? AND <expr><?)")
                .doesNotContain("TEMP B-TREE");
        assertThat(plan(query(equal.and(new Filter.Prefix(b, "p")), Sort.descending(b))
                        .first(10)))
                .contains("SEARCH s.c " + compound + "(<expr>=? AND <expr>=? AND <expr>>? AND <expr><?)")
                .doesNotContain("TEMP B-TREE");
    }

    @Test
    void uniqueAndSparseIndexesServeToo() throws SQLException {
        for (String field : List.of("u", "sp")) {
            FieldPath path = FieldPath.of(field);
            for (Filter filter : List.of(
                    Filter.compare(path, Operator.EQ, 1),
                    Filter.compare(path, Operator.EQ, true),
                    Filter.compare(path, Operator.LT, "x"),
                    Filter.compare(path, Operator.GTE, Instant.EPOCH),
                    new Filter.In(path, List.of("x", "y", 1, 2)),
                    new Filter.Prefix(path, "x"))) {
                assertThat(plan(query(filter, Sort.ascending(path)).first(10)))
                        .as("%s", filter)
                        .contains("SEARCH s.c USING INDEX s.c:" + field + " (<expr>")
                        .doesNotContain("SCAN s.c");
            }
        }
    }

    private PagedQuery query(Filter filter, Sort sort) {
        return Plans.query(NAME, filter, FindOptions.sortBy(sort));
    }

    private String plan(SqlPart part) throws SQLException {
        return Plans.of(source, part);
    }
}
