package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
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
import org.corestack.sql.JsonCodec;
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

    private final SqliteDialect dialect = new SqliteDialect(new JsonCodec());
    private Engine engine;
    private Connection connection;

    @BeforeAll
    void open() throws SQLException {
        engine = Engines.open("sqlite::memory:");
        EngineCollection collection = engine.store("s").collection("c");
        Engines.write(collection, new Write.Insert(Key.of(1), Document.empty()));
        collection.ensureIndexes(List.of(Index.on(PATH)), Engines.soon());
        connection = engine.unwrap(SQLiteDataSource.class).orElseThrow().getConnection();
    }

    @AfterAll
    void close() throws SQLException {
        connection.close();
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

    private PagedQuery query(Filter filter, Sort sort) {
        return new PagedQuery(dialect, NAME.quotedTable(), filter, FindOptions.sortBy(sort));
    }

    private String plan(SqlPart part) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("EXPLAIN QUERY PLAN " + part.text())) {
            for (int i = 0; i < part.parameters().size(); i++) {
                statement.setObject(i + 1, part.parameters().get(i));
            }
            List<String> steps = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    steps.add(row.getString("detail"));
                }
            }
            return String.join("\n", steps);
        }
    }
}
