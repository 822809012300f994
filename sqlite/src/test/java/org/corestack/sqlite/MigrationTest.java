package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Write;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of an older format is brought up to date, once, and nothing in it is lost. */
class MigrationTest {
    private static final int RECORDS = 2_500;

    @TempDir
    Path folder;

    private Path file;

    /** As version 1 made it, word for word. */
    @BeforeEach
    void makeFormat1() throws SQLException {
        file = folder.resolve("old.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            for (String sql : List.of(
                    "CREATE TABLE corestack_meta (name TEXT NOT NULL PRIMARY KEY, value NOT NULL)",
                    "CREATE TABLE corestack_collection (id INTEGER PRIMARY KEY AUTOINCREMENT,"
                            + " store TEXT NOT NULL COLLATE NOCASE, name TEXT NOT NULL COLLATE NOCASE,"
                            + " UNIQUE (store, name))",
                    "CREATE TABLE corestack_source (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE)",
                    "CREATE TABLE corestack_log (seq INTEGER PRIMARY KEY AUTOINCREMENT, collection INTEGER NOT NULL,"
                            + " key NOT NULL, op INTEGER NOT NULL, time INTEGER NOT NULL, source INTEGER NOT NULL,"
                            + " nonce INTEGER NOT NULL)",
                    "INSERT INTO corestack_meta VALUES ('format', 1), ('file', '00112233445566778899aabbccddeeff'),"
                            + " ('floor', 0), ('floor_nonce', 7)",
                    "CREATE TABLE \"shop.orders\" (key NOT NULL PRIMARY KEY, version INTEGER NOT NULL,"
                            + " doc TEXT NOT NULL, longs TEXT)",
                    "INSERT INTO corestack_collection (store, name) VALUES ('shop', 'orders')",
                    "CREATE INDEX \"shop.orders:by-a-b\" ON \"shop.orders\" (coalesce(json_extract(doc,"
                            + " '$.a.b.\"$n\"'), json_extract(doc, '$.a.b'), -9e999), coalesce(json_extract(doc,"
                            + " '$.a.b.\"$r\"'), '1'), key)",
                    "INSERT INTO \"shop.orders\" VALUES ('plain', 1, '{\"a\":{\"b\":1}}', NULL)",
                    "INSERT INTO corestack_source (name) VALUES ('old')",
                    "INSERT INTO corestack_log VALUES (1, 1, 'plain', 1, 1700000000000, 1, 11)")) {
                statement.execute(sql);
            }
            statement.execute("BEGIN");
            fill(connection);
            statement.execute("COMMIT");
        }
    }

    private static void fill(Connection connection) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO \"shop.orders\" VALUES (?, ?, '{\"n\":1}', NULL)")) {
            for (int i = 0; i < RECORDS; i++) {
                insert.setBytes(1, record(i).toBytes());
                insert.setInt(2, i + 2);
                insert.executeUpdate();
            }
            insert.setBytes(1, Key.of(new byte[] {7, 7}).toBytes());
            insert.executeUpdate();
        }
    }

    private static Key record(int i) {
        return Key.of(Document.of("region", "r" + i % 10, "i", i));
    }

    @Test
    void everythingIsThereAfterwards() {
        try (Engine engine = Engines.open(file)) {
            EngineCollection orders = engine.store("shop").collection("orders");
            assertThat(Engines.column(engine, "SELECT value FROM corestack_meta WHERE name = 'format'"))
                    .containsExactly(2);
            assertThat(orders.find(Key.of("plain"), Engines.soon())
                            .orElseThrow()
                            .document())
                    .isEqualTo(Document.of("a", Document.of("b", 1)));
            assertThat(Engines.list(orders, Filter.all(), FindOptions.ofDefaults()))
                    .hasSize(RECORDS + 2);
            Filter region = Filter.compare(FieldPath.key("region"), Operator.EQ, "r3");
            assertThat(Engines.list(orders, region, FindOptions.ofDefaults())).hasSize(RECORDS / 10);
            Engines.write(orders, new Write.Replace(record(3), Document.of("n", 2), Condition.ifVersion(5)));
            Index index = Index.on(FieldPath.of("a.b"));
            orders.ensureIndexes(List.of(index), Engines.soon());
            Engines.fails(
                    ErrorCode.ALREADY_EXISTS, () -> orders.ensureIndexes(List.of(index.asUnique()), Engines.soon()));
            assertThat(Engines.column(engine, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'shop.orders:%'"))
                    .containsExactly(1);
        }
    }

    @Test
    void tenAtOnceDoItOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(10);
        List<Callable<Engine>> opening = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            opening.add(() -> Engines.open(file));
        }
        List<Engine> engines = new ArrayList<>();
        try {
            for (Future<Engine> opened : threads.invokeAll(opening)) {
                engines.add(opened.get());
            }
            for (Engine engine : engines) {
                assertThat(Engines.list(
                                engine.store("shop").collection("orders"),
                                Filter.compare(FieldPath.key("i"), Operator.LT, 7),
                                FindOptions.ofDefaults()))
                        .hasSize(7);
            }
            assertThat(Engines.column(engines.get(0), "SELECT name FROM corestack_index"))
                    .containsExactly("by-a-b");
        } finally {
            engines.forEach(Engine::close);
            threads.shutdownNow();
        }
    }

    @Test
    void newAndOldFilesEndAlike() {
        try (Engine migrated = Engines.open(file);
                Engine fresh = Engines.open(folder.resolve("new.db"))) {
            fresh.store("shop")
                    .collection("orders")
                    .ensureIndexes(List.of(Index.on(FieldPath.of("a.b"))), Engines.soon());
            String schema = "SELECT name || ' ' || coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'"
                    + " ORDER BY name";
            assertThat(Engines.column(migrated, schema)).isEqualTo(Engines.column(fresh, schema));
        }
    }
}
