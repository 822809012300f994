package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Write;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** Names of stores, collections and indexes as names in a file. */
class NamesTest {
    @TempDir
    Path folder;

    private Engine engine;

    @BeforeEach
    void open() {
        engine = Engines.open(folder.resolve("n.db"));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private EngineCollection collection(String store, String name) {
        return engine.store(store).collection(name);
    }

    private static void put(EngineCollection collection) {
        Engines.write(collection, new Write.Insert(Key.of(1), Document.empty()));
    }

    private static void assertFails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CoreException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
    }

    @Test
    void aCollectionIsThereFromTheFirstWriteOn() {
        EngineCollection collection = collection("shop", "orders");
        assertThat(collection.find(Key.of(1), Engines.soon())).isEmpty();
        try (var cursor = collection.find(Filter.all(), FindOptions.ofDefaults())) {
            assertThat(cursor.next(Engines.soon())).isEmpty();
        }
        assertThat(engine.store("shop").collections(Engines.soon())).isEmpty();
        put(collection);
        put(collection("shop", "customers"));
        put(collection("other", "things"));
        assertThat(engine.store("shop").collections(Engines.soon())).isEqualTo(Set.of("orders", "customers"));
    }

    @Test
    void namesThatSqliteKeepsForItselfAreNamesToo() {
        for (String store : Set.of("sqlite_x", "SQLite_y", "corestack", "select", "a-b")) {
            put(collection(store, "table"));
            collection(store, "table").ensureIndexes(List.of(Index.on(FieldPath.of("a"))), Engines.soon());
            assertThat(collection(store, "table").find(Key.of(1), Engines.soon()))
                    .isPresent();
            assertThat(engine.store(store).collections(Engines.soon())).isEqualTo(Set.of("table"));
        }
        put(collection("corestack", "sqlite_x"));
        collection("corestack", "sqlite_x")
                .ensureIndexes(List.of(Index.on(FieldPath.of("a")).named("table")), Engines.soon());
        assertThat(collection("corestack", "sqlite_x").find(Key.of(1), Engines.soon()))
                .isPresent();
    }

    @Test
    void namesThatDifferOnlyInCaseClash() {
        put(collection("shop", "orders"));
        for (EngineCollection clashing :
                Set.of(collection("shop", "Orders"), collection("SHOP", "orders"), collection("Shop", "more"))) {
            assertFails(
                    ErrorCode.FAILED_PRECONDITION,
                    () -> clashing.write(new Write.Insert(Key.of(1), Document.empty()), Engines.soon()));
            assertFails(ErrorCode.FAILED_PRECONDITION, () -> clashing.find(Key.of(1), Engines.soon()));
        }
        assertThat(engine.store("shop").collections(Engines.soon())).isEqualTo(Set.of("orders"));
        assertThat(engine.store("Shop").collections(Engines.soon())).isEmpty();
    }

    @Test
    void aTableOfTheUsersIsNotTakenForACollection() throws Exception {
        try (Connection connection =
                        engine.unwrap(SQLiteDataSource.class).orElseThrow().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE \"Shop.Orders\" (a)");
        }
        assertFails(ErrorCode.FAILED_PRECONDITION, () -> put(collection("shop", "orders")));
        assertThat(collection("shop", "orders").find(Key.of(1), Engines.soon())).isEmpty();
        put(collection("shop", "others"));
    }

    @Test
    void anIndexOfAnotherPathClashes() {
        EngineCollection collection = collection("shop", "orders");
        collection.ensureIndexes(List.of(Index.on(FieldPath.of("status")).named("status")), Engines.soon());
        collection.ensureIndexes(List.of(Index.on(FieldPath.of("status")).named("status")), Engines.soon());
        assertFails(
                ErrorCode.ALREADY_EXISTS,
                () -> collection.ensureIndexes(
                        List.of(Index.on(FieldPath.of("state")).named("status")), Engines.soon()));
        assertFails(
                ErrorCode.ALREADY_EXISTS,
                () -> collection.ensureIndexes(
                        List.of(Index.on(FieldPath.of("state")).named("Status")), Engines.soon()));
        collection("shop", "others")
                .ensureIndexes(List.of(Index.on(FieldPath.of("state")).named("status")), Engines.soon());
    }
}
