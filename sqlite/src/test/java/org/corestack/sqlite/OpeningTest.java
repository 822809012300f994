package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.document.Document;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Key;
import org.corestack.document.Write;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.EngineConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is there when a file is opened, and that nothing of it is overwritten. */
class OpeningTest {
    @TempDir
    Path folder;

    private static void assertFails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CoreException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
    }

    private Connection sql(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    private void run(Path file, String... statements) throws SQLException {
        try (Connection connection = sql(file);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Test
    void aFileThatIsNoDatabaseIsLeftAsItIs() throws IOException {
        Path file = folder.resolve("letter.txt");
        byte[] content = "Dear reader, ".repeat(1000).getBytes(StandardCharsets.UTF_8);
        Files.write(file, content);
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> Engines.open(file));
        assertThat(file).hasBinaryContent(content);
        assertThat(folder.toFile().list()).containsExactly(file.getFileName().toString());
    }

    @Test
    void aShortFileThatIsNoDatabaseIsLeftAsItIs() throws IOException {
        Path file = Files.writeString(folder.resolve("short.txt"), "x");
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> Engines.open(file));
        assertThat(file).hasContent("x");
    }

    @Test
    void anEmptyFileBecomesADatabase() throws IOException {
        Path file = Files.createFile(folder.resolve("empty.db"));
        Engines.open(file).close();
        Engines.open(file).close();
    }

    @Test
    void aFileOfANewerFormatIsLeftAsItIs() throws Exception {
        Path file = folder.resolve("newer.db");
        Engines.open(file).close();
        run(file, "UPDATE corestack_meta SET value = 3 WHERE name = 'format'");
        byte[] content = Files.readAllBytes(file);
        assertFails(ErrorCode.UNSUPPORTED, () -> Engines.open(file));
        assertThat(file).hasBinaryContent(content);
        assertThat(folder.resolve("newer.db-wal")).isEmptyFile(); // made by looking at it
    }

    /** The last connection that closes a file copies the write-ahead log into it: ours must not. */
    @Test
    void aFileOfANewerFormatThatWasNotClosedIsLeftAsItIs() throws Exception {
        Path original = folder.resolve("original.db");
        Engines.open(original).close();
        Path file = folder.resolve("newer.db");
        Path wal = folder.resolve("newer.db-wal");
        try (Connection connection = sql(original);
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE corestack_meta SET value = 3 WHERE name = 'format'");
            Files.copy(original, file);
            Files.copy(folder.resolve("original.db-wal"), wal);
        }
        byte[] content = Files.readAllBytes(file);
        byte[] log = Files.readAllBytes(wal);
        assertFails(ErrorCode.UNSUPPORTED, () -> Engines.open(file));
        assertThat(file).hasBinaryContent(content);
        assertThat(wal).hasBinaryContent(log);
    }

    @Test
    void aDamagedFileIsSaidToBeDamaged() throws Exception {
        Path file = folder.resolve("damaged.db");
        try (Engine engine = Engines.open(file)) {
            for (int i = 0; i < 500; i++) {
                Engines.write(
                        engine.store("s").collection("c"),
                        new Write.Insert(Key.of(i), Document.of("t", "x".repeat(500))));
            }
        }
        try (RandomAccessFile damage = new RandomAccessFile(file.toFile(), "rw")) {
            for (long at = 20 * 4096; at < damage.length() - 100; at += 4096) {
                damage.seek(at);
                damage.write(new byte[100]);
            }
        }
        try (Engine engine = Engines.open(file);
                Cursor cursor = engine.store("s").collection("c").find(Filter.all(), FindOptions.ofDefaults())) {
            assertFails(ErrorCode.DATA_LOSS, () -> {
                for (int pages = 0; pages < 100; pages++) {
                    cursor.next(Engines.soon());
                }
            });
        }
    }

    @Test
    void aDocumentThatOthersBrokeIsDataLoss() throws Exception {
        Path file = folder.resolve("broken.db");
        try (Engine engine = Engines.open(file)) {
            EngineCollection collection = engine.store("s").collection("c");
            Engines.write(collection, new Write.Insert(Key.of("k"), Document.empty()));
            run(file, "UPDATE \"s.c\" SET doc = '{'");
            assertFails(ErrorCode.DATA_LOSS, () -> collection.find(Key.of("k"), Engines.soon()));
        }
    }

    @Test
    void aMissingFolderIsNamed() {
        assertFails(ErrorCode.NOT_FOUND, () -> Engines.open(folder.resolve("no/such/shop.db")));
        assertThatThrownBy(() -> Engines.open(folder.resolve("no/such/shop.db")))
                .hasMessageContaining(folder.resolve("no/such").toString());
    }

    @Test
    void aFolderIsNoFile() {
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> Engines.open(folder));
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> Engines.open("sqlite:/"));
    }

    @Test
    void ourTablesAreMadeBesideTheUsersOwn() throws Exception {
        Path file = folder.resolve("own.db");
        run(file, "CREATE TABLE orders (id INTEGER)", "INSERT INTO orders VALUES (7)");
        try (Engine engine = Engines.open(file)) {
            Engines.write(engine.store("s").collection("orders"), new Write.Insert(Key.of(1), Document.empty()));
        }
        try (Connection connection = sql(file);
                ResultSet row = connection.createStatement().executeQuery("SELECT id FROM orders")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getLong(1)).isEqualTo(7);
        }
    }

    @Test
    void aForeignTableOfOurNameIsRefused() throws Exception {
        Path file = folder.resolve("foreign.db");
        run(file, "CREATE TABLE corestack_meta (name TEXT, value)");
        byte[] content = Files.readAllBytes(file);
        assertFails(ErrorCode.FAILED_PRECONDITION, () -> Engines.open(file));
        assertThat(file).hasBinaryContent(content);
    }

    @Test
    void anotherEncodingIsRefused() throws Exception {
        Path file = folder.resolve("utf16.db");
        run(file, "PRAGMA encoding = 'UTF-16'", "CREATE TABLE t (a)");
        assertFails(ErrorCode.UNSUPPORTED, () -> Engines.open(file));
    }

    @Test
    void aFileThatAnotherProgramKeepsLockedIsWaitedFor() throws Exception {
        Path file = folder.resolve("locked.db");
        try (Connection connection = sql(file);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (a)");
            statement.execute("BEGIN EXCLUSIVE");
            assertFails(
                    ErrorCode.DEADLINE_EXCEEDED,
                    () -> new SqliteEngineProvider()
                            .open(new EngineConfig(
                                    "sqlite:" + file, "test", Duration.ofMillis(200), Duration.ofHours(1))));
            statement.execute("COMMIT");
        }
        Engines.open(file).close();
    }

    @Test
    void manyOpenANewFileAtOnce() throws Exception {
        Path file = folder.resolve("new.db");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<String>> ids = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                ids.add(threads.submit(() -> {
                    try (SqliteEngine engine = (SqliteEngine) Engines.open(file)) {
                        return engine.database().fileId();
                    }
                }));
            }
            for (Future<String> id : ids) {
                assertThat(id.get()).isEqualTo(ids.get(0).get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void healthAndWritesSayThatTheFileIsGone() throws IOException {
        Path file = folder.resolve("gone.db");
        try (Engine engine = Engines.open(file)) {
            EngineCollection collection = engine.store("s").collection("c");
            Engines.write(collection, new Write.Insert(Key.of(1), Document.empty()));
            engine.checkHealth(Engines.soon());
            Files.delete(file);
            assertFails(ErrorCode.DATA_LOSS, () -> engine.checkHealth(Engines.soon()));
            Files.createFile(file);
            assertFails(ErrorCode.DATA_LOSS, () -> engine.checkHealth(Engines.soon()));
            assertFails(
                    ErrorCode.DATA_LOSS,
                    () -> collection.write(new Write.Insert(Key.of(2), Document.empty()), Engines.soon()));
        }
    }

    @Test
    void aTemporaryFileIsDeletedAtClose() {
        Path file;
        try (SqliteEngine engine = (SqliteEngine) Engines.open("sqlite::memory:")) {
            file = engine.database().file().path();
            assertThat(file).exists();
        }
        assertThat(file.getParent()).doesNotExist();
    }

    @Test
    void whatIsClosedSaysSo() {
        Engine engine = Engines.open(folder.resolve("closed.db"));
        EngineCollection collection = engine.store("s").collection("c");
        engine.close();
        engine.close();
        assertFails(ErrorCode.FAILED_PRECONDITION, () -> collection.find(Key.of(1), Engines.soon()));
        assertFails(
                ErrorCode.FAILED_PRECONDITION,
                () -> collection.write(new Write.Insert(Key.of(1), Document.empty()), Engines.soon()));
        assertFails(ErrorCode.FAILED_PRECONDITION, () -> engine.checkHealth(Engines.soon()));
        assertFails(ErrorCode.FAILED_PRECONDITION, () -> collection.changes().now(Engines.soon()));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aConnectionThatCanNotBeUsedIsClosed() throws IOException {
        Path noDatabase = Files.writeString(folder.resolve("no.db"), "no database ".repeat(500));
        SqliteFile file = new SqliteFile(noDatabase, false, Durability.POWER, null);
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> file.open(SqliteFile.Mode.WRITE, () -> false))
                    .isInstanceOf(SQLException.class);
        }
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            assertThat(open.filter(handle -> leadsTo(handle, noDatabase))).isEmpty();
        }
    }

    private static boolean leadsTo(Path handle, Path file) {
        try {
            return Files.readSymbolicLink(handle).equals(file.toRealPath());
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }
}
