package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Write;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is confirmed is on the disk: seen from the system's own account of what it has still to write. */
class DurabilityTest {
    @TempDir
    Path folder;

    /** Files in memory are never written anywhere, and some systems do not tell. */
    private void assumeTheSystemTells() throws IOException {
        Path file = Files.write(folder.resolve("probe"), new byte[8192]);
        OptionalLong dirty = DirtyPages.of(file);
        assumeTrue(dirty.isPresent(), "the system does not tell which pages are still to be written");
        assumeTrue(dirty.getAsLong() > 0, "a file just written counts as written to the disk here");
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        assumeTrue(DirtyPages.of(file).orElseThrow() == 0, "a file that was synced still counts as unwritten here");
    }

    @Test
    void aConfirmedWriteIsOnTheDisk() throws IOException {
        assumeTheSystemTells();
        Path file = folder.resolve("power.db");
        try (Engine engine = Engines.open(file)) {
            EngineCollection collection = engine.store("s").collection("c");
            for (int i = 0; i < 20; i++) {
                Engines.write(collection, new Write.Insert(Key.of(i), Document.of("n", i)));
                assertThat(unwritten(file))
                        .as("bytes of write %d still to be written", i)
                        .isZero();
            }
        }
    }

    @Test
    void aRelaxedWriteIsLeftToTheSystem() throws IOException {
        assumeTheSystemTells();
        Path file = folder.resolve("process.db");
        try (Engine engine = Engines.open("sqlite:" + file + "?durability=process")) {
            EngineCollection collection = engine.store("s").collection("c");
            Engines.write(collection, new Write.Insert(Key.of(0), Document.empty()));
            Engines.write(collection, new Write.Insert(Key.of(1), Document.empty()));
            assertThat(unwritten(file)).isPositive();
        }
    }

    /** The weaker look, which every system allows. */
    @Test
    void theWritingConnectionSyncs() {
        try (SqliteEngine engine = (SqliteEngine) Engines.open(folder.resolve("pragma.db"))) {
            assertThat(synchronous(engine)).isEqualTo(2);
        }
        try (SqliteEngine engine =
                (SqliteEngine) Engines.open("sqlite:" + folder.resolve("pragma.db") + "?durability=process")) {
            assertThat(synchronous(engine)).isEqualTo(1);
        }
    }

    private static long synchronous(SqliteEngine engine) {
        return engine.database()
                .writer()
                .write(new WriteTask<>(
                        "a look",
                        Engines.soon(),
                        transaction -> transaction.session().number("PRAGMA synchronous")));
    }

    private static long unwritten(Path file) throws IOException {
        return DirtyPages.of(Path.of(file + "-wal")).orElseThrow();
    }
}
