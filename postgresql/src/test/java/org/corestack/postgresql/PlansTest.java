package org.corestack.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.corestack.document.Bytes;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Sort;
import org.corestack.sql.DoubleForm;
import org.corestack.sql.JsonCodec;
import org.corestack.sql.PagedQuery;
import org.corestack.sql.SqlPart;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.util.PGobject;

/** PostgreSQL serves every filter, sort and page from the index: read from its own plans. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlansTest {
    private static final FieldPath PATH = FieldPath.of("x.y");
    private static final CollectionName NAME = new CollectionName(new StoreName("s"), "c");
    private static final String INDEX = "using \"c:by-x-y\"";

    private final PostgresDialect dialect = new PostgresDialect(new JsonCodec(DoubleForm.PLAIN), NAME.store());
    private Connection connection;

    @BeforeAll
    void open() throws SQLException {
        String database = Server.freshDatabase();
        try (PostgresEngine engine = Engines.open(Server.uri(database))) {
            Engines.put(Engines.c(engine), 1, 1);
            Engines.c(engine).ensureIndexes(List.of(Index.on(PATH)), Engines.soon());
        }
        Server.run(
                database,
                "INSERT INTO s.c (key, version, doc) SELECT decode(lpad(to_hex(i), 8, '0'), 'hex'), i,"
                        + " jsonb_build_object('x', jsonb_build_object('y', i)) FROM generate_series(1, 20000) i",
                "ANALYZE s.c");
        connection = Server.connect(database);
        try (Statement statement = connection.createStatement()) {
            // Whether an index is worth it depends on the values; here it is whether it can serve at all.
            statement.execute("SET enable_seqscan = off");
            statement.execute("SET enable_bitmapscan = off");
        }
    }

    @AfterAll
    void close() throws SQLException {
        connection.close();
    }

    static Stream<Filter> filters() {
        List<Object> values = List.of(
                1,
                1L,
                1.5,
                new BigDecimal("1.10"),
                "text",
                "long".repeat(200),
                true,
                Instant.EPOCH,
                new UUID(1, 2),
                Bytes.of((byte) 1));
        return Stream.concat(
                Stream.of(Filter.compare(PATH, Operator.EQ, null)),
                values.stream()
                        .flatMap(value ->
                                Stream.of(Operator.values()).map(operator -> Filter.compare(PATH, operator, value))));
    }

    @ParameterizedTest
    @MethodSource("filters")
    void aFilterIsARangeOfTheIndex(Filter filter) throws SQLException {
        String plan = plan(query(filter, Sort.ascending(PATH)).first(10));
        assertThat(plan).contains("Scan " + INDEX, "Index Cond: ").doesNotContain("Seq Scan");
    }

    /** Equal values stand by their keys in the index. */
    @Test
    void equalityGivesTheOrderOfTheKeys() throws SQLException {
        for (Object value : List.of(1, "text", true, Instant.EPOCH)) {
            String plan = plan(query(Filter.compare(PATH, Operator.EQ, value), Sort.byKey())
                    .first(10));
            assertThat(plan).contains("Scan " + INDEX, "Index Cond: ").doesNotContain("Sort");
        }
    }

    @Test
    void aSortReadsTheIndexInOrder() throws SQLException {
        for (Sort sort : List.of(Sort.ascending(PATH), Sort.descending(PATH))) {
            String plan = plan(query(Filter.all(), sort).first(10));
            // What lies behind the index's part of a long text is sorted among those that share it.
            assertThat(plan).contains("Incremental Sort", "Presorted Key: ").containsPattern("Index Scan.*c:by-x-y");
        }
    }

    @Test
    void aPageBeginsWhereTheLastOneEnded() throws SQLException {
        List<Object> anchor = List.of(new PgNumeric("7"), "1", "", new byte[] {1});
        for (Sort sort : List.of(Sort.ascending(PATH), Sort.descending(PATH))) {
            PagedQuery query = query(Filter.all(), sort);
            assertThat(query.stages()).isEqualTo(2);
            assertThat(plan(query.next(anchor, 0, 10)))
                    .contains(INDEX, "Index Cond: ", "key > ")
                    .doesNotContain("Sort");
            assertThat(plan(query.next(anchor, 1, 10))).contains(INDEX, "Index Cond: (ROW(");
        }
    }

    @Test
    void aListByKeyReadsTheKeysInOrder() throws SQLException {
        PagedQuery query = query(Filter.all(), Sort.byKey());
        assertThat(plan(query.first(10))).contains("using \"c:\"").doesNotContain("Sort");
        assertThat(plan(query.next(List.of(new byte[] {1}), 0, 10)))
                .contains("using \"c:\"", "Index Cond: (key > ")
                .doesNotContain("Sort");
    }

    private PagedQuery query(Filter filter, Sort sort) {
        return new PagedQuery(dialect, NAME.table(), filter, FindOptions.sortBy(sort));
    }

    private String plan(SqlPart part) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("EXPLAIN " + part.text())) {
            for (int i = 0; i < part.parameters().size(); i++) {
                Object value = part.parameters().get(i);
                if (value instanceof PgNumeric number) {
                    PGobject object = new PGobject();
                    object.setType("numeric");
                    object.setValue(number.text());
                    value = object;
                }
                statement.setObject(i + 1, value);
            }
            List<String> lines = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    lines.add(row.getString(1));
                }
            }
            return String.join("\n", lines);
        }
    }
}
