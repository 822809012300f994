package org.corestack.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Which file a path led to when it was opened: SQLite goes on with a file that was deleted, and what is written then
 * is gone when it is closed.
 *
 * @param path the path
 * @param file what the system knows the file by; null where it tells nothing
 */
record FileIdentity(Path path, @Nullable Object file) {
    private static final String GONE = "gone";

    static FileIdentity of(Path path) {
        return new FileIdentity(path, lookUp(path));
    }

    private static @Nullable Object lookUp(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return GONE; // or out of reach, which is the same to who writes
        }
    }

    /**
     * Returns if the path leads to the same file still.
     *
     * @throws CoreException DATA_LOSS if it does not
     */
    void check() {
        if (!Objects.equals(file, lookUp(path))) {
            throw new CoreException(
                    ErrorCode.DATA_LOSS,
                    "the file " + path + " was deleted or replaced while it was open; open it anew");
        }
    }
}
