package org.corestack.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.corestack.cli.StoreUri;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;

/** A temporary folder with a fresh SQLite file, deleted when closed unless it is to be kept. Thread-safe. */
final class DemoFolder implements AutoCloseable {
    private final Path folder;
    private volatile boolean kept;

    private DemoFolder(Path folder) {
        this.folder = folder;
    }

    static DemoFolder create() {
        try {
            return new DemoFolder(Files.createTempDirectory("corestack-demo-"));
        } catch (IOException e) {
            throw new CoreException(ErrorCode.UNAVAILABLE, "no temporary folder can be made: " + e.getMessage(), e);
        }
    }

    Path file() {
        return folder.resolve("demo.db");
    }

    StoreUri uri() {
        return new StoreUri("sqlite:" + file().toUri().getRawPath(), false);
    }

    /** Leaves it where it is, to be looked at. */
    void keep() {
        kept = true;
    }

    /** Deletes what can be deleted: the rest is in a folder for temporary files, where the system clears it away. */
    @Override
    public void close() {
        if (kept) {
            return;
        }
        try (Stream<Path> inside = Files.list(folder)) {
            List<Path> files = inside.toList();
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            System.err.println("corestack: " + folder + " could not be deleted: " + e.getMessage());
        }
    }
}
