package org.corestack.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.corestack.sql.SqlPart;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The statement that polls a log of many rows looks at the few that are new: read from PostgreSQL's own plans. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FeedPlanTest {
    private static final StoreName STORE = new StoreName("s");
    private static final int ROWS = 60_000;
    /** The driver prepares the fifth, and the server plans five of those with their values. */
    private static final int POLLS = 15;

    private Connection connection;
    private long next;

    @BeforeAll
    void open() throws SQLException {
        String database = Server.freshDatabase();
        try (PostgresEngine engine = Engines.open(Server.uri(database))) {
            Engines.put(Engines.c(engine), 1, 1);
        }
        next = Long.parseLong(Server.query(database, "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"));
        Server.run(
                database,
                "INSERT INTO s._corestack_log (seq, xid, collection, key, op) SELECT nextval('s._corestack_seq'),"
                        + " (" + next + " + i / 3)::text::xid8, 'c', decode(lpad(to_hex(i), 8, '0'), 'hex'), 2"
                        + " FROM generate_series(1, " + ROWS + ") i",
                "ANALYZE s._corestack_log");
        connection = Server.connect(database);
    }

    @AfterAll
    void close() throws SQLException {
        connection.close();
    }

    /** Behind all but the last rows, as a poll is; and with a transaction of long ago still running. */
    private List<PgSnapshot> places() {
        long last = next + ROWS / 3 - 20;
        return List.of(
                PgSnapshot.parse(last + ":" + last + ":"),
                PgSnapshot.parse((last - 15_000) + ":" + last + ":" + (last - 15_000) + "," + (last - 7)));
    }

    @Test
    void aPollLooksAtWhatIsNewAlone() throws SQLException {
        for (PgSnapshot place : places()) {
            assertThat(plan(LogQuery.statement(STORE, place, null, 0)))
                    .contains("_corestack_log:xid")
                    .doesNotContain("Seq Scan on _corestack_log");
        }
    }

    @Test
    void aPageBeginsBehindTheLastOne() throws SQLException {
        for (PgSnapshot place : places()) {
            PgSnapshot seen = PgSnapshot.parse((next + ROWS) + ":" + (next + ROWS) + ":");
            assertThat(plan(LogQuery.statement(STORE, place, seen, ROWS - 100)))
                    .contains("_corestack_log:")
                    .doesNotContain("Seq Scan on _corestack_log");
        }
    }

    /** To plan it takes the server three times as long as to run it. */
    @Test
    void aPollIsNotPlannedEachTime() throws SQLException {
        for (int poll = 0; poll < POLLS; poll++) {
            long last = next + ROWS / 3 - poll;
            SqlPart statement = LogQuery.statement(STORE, PgSnapshot.parse(last + ":" + last + ":"), null, 0);
            try (PreparedStatement query = prepare("", statement)) {
                query.executeQuery().close();
            }
        }
        assertThat(Server.query(connection, "SELECT max(generic_plans) >= 5 FROM pg_prepared_statements"))
                .isEqualTo("t");
    }

    private PreparedStatement prepare(String before, SqlPart statement) throws SQLException {
        PreparedStatement prepared = connection.prepareStatement(before + statement.text());
        for (int i = 0; i < statement.parameters().size(); i++) {
            prepared.setObject(i + 1, statement.parameters().get(i));
        }
        return prepared;
    }

    private String plan(SqlPart statement) throws SQLException {
        try (PreparedStatement explain = prepare("EXPLAIN ", statement)) {
            List<String> lines = new ArrayList<>();
            try (ResultSet row = explain.executeQuery()) {
                while (row.next()) {
                    lines.add(row.getString(1));
                }
            }
            return String.join("\n", lines);
        }
    }
}
