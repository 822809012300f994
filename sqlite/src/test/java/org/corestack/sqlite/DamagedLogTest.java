package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.corestack.document.Change;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.document.Resync.Reason;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;
import org.corestack.store.Watch;
import org.corestack.store.WatchListener;
import org.corestack.store.WatchOptions;
import org.corestack.testkit.NoThreadsLeft;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Files that were copied back under those who knew more, and logs that are damaged or were tampered with. */
@ExtendWith(NoThreadsLeft.class)
class DamagedLogTest {
    private static final WatchOptions ALL = WatchOptions.ofDefaults();

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("d.db");
    }

    private StoreClient open() {
        return StoreClient.open("sqlite:" + file);
    }

    private static StoreCollection c(StoreClient client) {
        return client.store("s").collection("c");
    }

    private static Written put(StoreClient client, Object key) {
        return c(client).upsert(Key.of(key), Document.empty(), Set.of());
    }

    /** Keeps what a watch says. */
    private static final class Told implements WatchListener {
        final List<Change> changes = new CopyOnWriteArrayList<>();
        final List<Resync> resyncs = new CopyOnWriteArrayList<>();
        final List<CoreException> failures = new CopyOnWriteArrayList<>();

        @Override
        public void onChange(Change change) {
            changes.add(change);
        }

        @Override
        public void onResync(Resync resync) {
            resyncs.add(resync);
        }

        @Override
        public void onFailure(CoreException error) {
            failures.add(error);
        }
    }

    private static void assertResync(StoreClient client, Position from, Reason reason) {
        Told told = new Told();
        try (Watch watch = c(client).watch(ALL.withFrom(from), told)) {
            await().until(() -> !watch.isOpen());
        }
        assertThat(told.resyncs).extracting(Resync::reason).containsExactly(reason);
        assertThat(told.changes).isEmpty();
    }

    @Test
    void aFileThatWasCopiedBackIsNotContinuedByWhoWasAhead() throws IOException {
        Path copy = folder.resolve("copy.db");
        Position before;
        try (StoreClient client = open()) {
            put(client, "k");
            before = c(client).position();
        }
        Files.copy(file, copy);
        Position ahead;
        try (StoreClient client = open()) {
            ahead = put(client, "lost").position();
        }
        Files.copy(copy, file, StandardCopyOption.REPLACE_EXISTING);
        try (StoreClient client = open()) {
            assertResync(client, ahead, Reason.OTHER_HISTORY);
            Written other = put(client, "other");
            assertResync(client, ahead, Reason.OTHER_HISTORY);
            Told told = new Told();
            try (Watch watch = c(client).watch(ALL.withFrom(before), told)) {
                await().until(() -> watch.covers(other.position()));
            }
            assertThat(told.changes).hasSize(1);
        }
    }

    @Test
    void rowsThatSomebodyDeletedAreAResync() {
        try (StoreClient client = open()) {
            Position start = put(client, "k").position();
            put(client, "l");
            texts("DELETE FROM corestack_log RETURNING seq");
            assertResync(client, start, Reason.OTHER_HISTORY);
        }
    }

    /** The pages of the log are overwritten: the documents are still read, the watch says what is wrong, and goes on trying. */
    @Test
    void aDamagedLogIsToldAndEndsNoWatch() throws IOException {
        Position start;
        try (StoreClient client = open()) {
            start = put(client, "first").position();
            for (int i = 0; i < 2_000; i++) {
                put(client, i);
            }
        }
        damageLog();
        Told told = new Told();
        try (StoreClient client = open();
                Watch watch = c(client).watch(ALL.withFrom(start), told)) {
            await().until(() -> told.failures.size() > 1);
            assertThat(told.failures).extracting(CoreException::code).containsOnly(ErrorCode.DATA_LOSS);
            assertThat(watch.isOpen()).isTrue();
            assertThat(told.changes).isEmpty();
            assertThat(c(client).find(Key.of("first"))).isPresent();
            Duration before = watch.lag();
            await().until(() -> watch.lag().compareTo(before) > 0);
        }
    }

    /** The watchers heard nothing more, and nobody said why: their connections go on with the file that was taken away. */
    @Test
    void aFileTakenAwayIsToldToWatchersUntilItIsBack() throws IOException {
        Path away = folder.resolve("away.db");
        Told told = new Told();
        try (StoreClient client = open();
                Watch watch = c(client).watch(ALL, told)) {
            put(client, "before");
            await().until(() -> told.changes.size() == 1);
            Files.move(file, away);
            await().until(() -> told.failures.size() > 1);
            Files.copy(away, file); // in its place lies another
            int before = told.failures.size();
            await().until(() -> told.failures.size() > before);
            assertThat(told.failures)
                    .allSatisfy(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.DATA_LOSS))
                    .allSatisfy(failure -> assertThat(failure.getCause()).hasMessageContaining("deleted or replaced"));
            assertThat(watch.isOpen()).isTrue();
            Files.move(away, file, StandardCopyOption.REPLACE_EXISTING);
            put(client, "after");
            await().until(() -> told.changes.size() == 2);
        }
    }

    private List<String> texts(String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (row.next()) {
                texts.add(row.getString(1));
            }
            return texts;
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private void damageLog() throws IOException {
        int size = Integer.parseInt(texts("PRAGMA page_size").get(0));
        List<String> pages = texts("SELECT pageno FROM dbstat WHERE name = 'corestack_log' AND pagetype = 'leaf'");
        assertThat(pages).hasSizeGreaterThan(2);
        try (RandomAccessFile damaged = new RandomAccessFile(file.toFile(), "rw")) {
            for (String page : pages) {
                damaged.seek((Long.parseLong(page) - 1) * size);
                damaged.write("damaged".repeat(size / 8).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            }
        }
    }
}
