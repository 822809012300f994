package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Write;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.EngineTransaction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** Our writes within a transaction of the user's own connection. */
class JoinTest {
    @TempDir
    Path folder;

    private Engine engine;
    private EngineCollection collection;
    private Connection connection;
    private Statement statement;

    @BeforeEach
    void open() throws SQLException {
        engine = Engines.open(folder.resolve("j.db"));
        collection = engine.store("s").collection("c");
        connection = engine.unwrap(SQLiteDataSource.class).orElseThrow().getConnection();
        statement = connection.createStatement();
        statement.execute("CREATE TABLE business (id INTEGER)");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        engine.close();
    }

    private EngineTransaction join() {
        return engine.store("s").join(connection).orElseThrow();
    }

    private void insert(int key) {
        try (EngineTransaction joined = join()) {
            Engines.write(joined.collection("c"), new Write.Insert(Key.of(key), Document.of("n", key)));
            joined.commit(Engines.soon());
        }
    }

    private long rows() {
        return ((Number) Engines.column(
                                engine,
                                "SELECT (SELECT count(*) FROM business) * 1000"
                                        + " + (SELECT count(*) FROM corestack_log)")
                        .get(0))
                .longValue();
    }

    @Test
    void bothAreCommittedTogether() throws SQLException {
        statement.execute("BEGIN IMMEDIATE");
        statement.execute("INSERT INTO business VALUES (1)");
        insert(1);
        assertThat(rows()).isZero();
        assertThat(engine.store("s").collections(Engines.soon())).isEmpty();
        statement.execute("COMMIT");
        assertThat(rows()).isEqualTo(1001);
        connection.setAutoCommit(false);
        statement.execute("INSERT INTO business VALUES (2)");
        insert(2);
        connection.commit();
        assertThat(rows()).isEqualTo(2002);
        assertThat(collection.find(Key.of(2), Engines.soon())).isPresent();
    }

    @Test
    void bothAreRolledBackTogether() throws SQLException {
        connection.setAutoCommit(false);
        insert(1);
        statement.execute("INSERT INTO business VALUES (1)");
        connection.rollback();
        assertThat(rows()).isZero();
        insert(1);
        connection.commit();
        assertThat(rows()).isEqualTo(1);
        Engines.write(collection, new Write.Insert(Key.of(2), Document.empty()));
    }

    @Test
    void aWriteThatFailsLeavesTheUsersTransactionAsItWas() throws SQLException {
        collection.ensureIndexes(List.of(Index.on(FieldPath.of("n")).asUnique()), Engines.soon());
        statement.execute("BEGIN IMMEDIATE");
        statement.execute("INSERT INTO business VALUES (1)");
        insert(1);
        try (EngineTransaction joined = join()) {
            Engines.fails(
                    ErrorCode.ALREADY_EXISTS,
                    () -> joined.collection("c")
                            .write(new Write.Insert(Key.of(9), Document.of("n", 1)), Engines.soon()));
            assertThat(joined.collection("c").deleteAll(Filter.none(), Engines.soon()))
                    .isZero();
        } // not committed, which is for the user to do
        statement.execute("COMMIT");
        assertThat(rows()).isEqualTo(1001);
    }

    @Test
    void theEndOfTheUseIsNotTheEndOfTheTransaction() throws SQLException {
        statement.execute("BEGIN IMMEDIATE");
        EngineTransaction joined = join();
        EngineCollection inside = joined.collection("c");
        Engines.write(inside, new Write.Insert(Key.of(1), Document.empty()));
        joined.commit(Engines.soon());
        Engines.fails(ErrorCode.FAILED_PRECONDITION, () -> inside.find(Key.of(1), Engines.soon()));
        statement.execute("ROLLBACK"); // which fails where no transaction is open
        assertThat(rows()).isZero();
    }

    @Test
    void anotherReadBeforeAnothersWriteIsAConflict() throws SQLException {
        Engines.write(collection, new Write.Insert(Key.of(1), Document.empty()));
        connection.setAutoCommit(false);
        try (EngineTransaction joined = join()) {
            assertThat(joined.collection("c").find(Key.of(1), Engines.soon())).isPresent();
            Engines.write(collection, new Write.Insert(Key.of(2), Document.empty()));
            Engines.fails(
                    ErrorCode.CONFLICT,
                    () -> joined.collection("c").write(new Write.Insert(Key.of(3), Document.empty()), Engines.soon()));
        }
        connection.rollback();
    }

    @Test
    void whatIsNoTransactionOfThisFileIsRefused() throws SQLException {
        assertThat(engine.store("s").join("a text")).isEmpty();
        Engines.fails(ErrorCode.FAILED_PRECONDITION, this::join);
        statement.execute("BEGIN"); // and the question has not left one open
        statement.execute("ROLLBACK");
        try (Connection memory = DriverManager.getConnection("jdbc:sqlite::memory:");
                Connection other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("other.db"))) {
            for (Connection wrong : List.of(memory, other)) {
                wrong.setAutoCommit(false);
                Engines.fails(
                        ErrorCode.INVALID_ARGUMENT, () -> engine.store("s").join(wrong));
            }
        }
        connection.close();
        Engines.fails(ErrorCode.FAILED_PRECONDITION, this::join);
    }
}
