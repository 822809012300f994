package org.corestack.cli.demo.replica;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.corestack.cli.StoreUri;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The temporary folder of one run: the fresh SQLite file where no store is named, and the replicas' own temporary files,
 * which a killed process can't clear away itself, such as the native library that each unpacks. Deleted when closed, but
 * for a database that is to be kept. Thread-safe.
 */
public final class DemoFolder implements AutoCloseable {
    private static final String PREFIX = "corestack-demo-";
    private static final String DATABASE = "demo.db";
    /** Each is lost only to a file that another process makes between two calls here. */
    private static final int TRIES = 1_000;

    private final Path folder;
    private volatile boolean kept;

    private DemoFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * A new one.
     *
     * @throws CoreException UNAVAILABLE if none can be made
     */
    public static DemoFolder create() {
        try {
            return new DemoFolder(Files.createTempDirectory(PREFIX));
        } catch (IOException e) {
            throw new CoreException(ErrorCode.UNAVAILABLE, "no temporary folder can be made: " + e.getMessage(), e);
        }
    }

    /** Where it is. */
    public Path path() {
        return folder;
    }

    /** The database in it, which need not be there. */
    public Path file() {
        return folder.resolve(DATABASE);
    }

    /** The database as a store's URI. */
    public StoreUri uri() {
        return new StoreUri("sqlite:" + file().toUri().getRawPath(), false);
    }

    /** Leaves the database where it is, to be looked at. */
    public void keep() {
        kept = true;
    }

    /** Deletes what can be deleted: the rest is in a folder for temporary files, where the system clears it away. */
    @Override
    public void close() {
        try {
            if (kept) {
                deleteFiles(folder, DATABASE);
            } else {
                delete(folder);
            }
        } catch (IOException e) {
            System.err.println("corestack: " + folder + " could not be deleted: " + e.getMessage());
        }
    }

    /** Deletes the folder of a run that died: once it is gone, no process that still runs can make a file in it. */
    static void delete(Path folder) throws IOException {
        for (int left = TRIES; ; left--) {
            try {
                deleteFiles(folder, null);
                Files.deleteIfExists(folder);
                return;
            } catch (NoSuchFileException e) {
                return; // another was faster
            } catch (DirectoryNotEmptyException e) {
                if (left == 0) {
                    throw e;
                }
            }
        }
    }

    private static void deleteFiles(Path folder, @Nullable String butFor) throws IOException {
        List<Path> files;
        try (Stream<Path> inside = Files.list(folder)) {
            files = inside.toList();
        }
        for (Path file : files) {
            if (butFor == null || !file.getFileName().toString().startsWith(butFor)) {
                Files.deleteIfExists(file);
            }
        }
    }
}
