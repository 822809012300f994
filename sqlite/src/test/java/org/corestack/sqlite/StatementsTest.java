package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Sort;
import org.corestack.document.Write;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is printed for an administrator is what is run. */
class StatementsTest {
    private static final String SCHEMA =
            "SELECT name || ' ' || coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name";
    private static final String ROWS = "SELECT name || terms || is_unique || is_sparse || coalesce(expire, '-')"
            + " FROM corestack_index ORDER BY name";
    private static final List<Index> INDEXES = List.of(
            Index.on(FieldPath.of("a.b")).asUnique(),
            Index.on(FieldPath.of("at")).expiring(Duration.ofDays(1)),
            Index.of(List.of(new Sort.Term(FieldPath.quoted("o?d, --"), true), new Sort.Term(FieldPath.of("c"), false)))
                    .asSparse());

    @TempDir
    Path folder;

    @Test
    void anEmptyFileIsMadeByThemAsByUs() throws SQLException {
        Path byHand = folder.resolve("hand.db");
        List<String> statements;
        try (Engine engine = Engines.open(folder.resolve("ours.db"))) {
            EngineCollection orders = engine.store("shop").collection("orders");
            statements = orders.statements(INDEXES);
            assertThat(engine.store("shop").collections(Engines.soon())).isEmpty();
            run(byHand, statements);
            run(byHand, statements); // does no harm
            orders.ensureIndexes(INDEXES, Engines.soon());
            try (Engine opened = Engines.open(byHand)) {
                assertThat(Engines.column(opened, SCHEMA)).isEqualTo(Engines.column(engine, SCHEMA));
                assertThat(Engines.column(opened, ROWS)).isEqualTo(Engines.column(engine, ROWS));
            }
        }
        try (Engine opened = Engines.open(byHand)) {
            EngineCollection orders = opened.store("shop").collection("orders");
            orders.ensureIndexes(INDEXES, Engines.soon());
            Engines.write(orders, new Write.Insert(Key.of(1), Document.of("a", Document.of("b", 1))));
            assertThat(Engines.column(opened, "PRAGMA journal_mode")).containsExactly("wal");
            assertThat((String) Engines.column(opened, "SELECT value FROM corestack_meta WHERE name = 'file'")
                            .get(0))
                    .matches("[0-9a-f]{32}");
        }
    }

    private static void run(Path file, List<String> statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
