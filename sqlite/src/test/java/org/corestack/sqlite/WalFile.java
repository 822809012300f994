package org.corestack.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a write-ahead log. Unlike the database file it can be opened beside SQLite: no lock is kept on it. */
final class WalFile {
    private static final int HEADER = 32;
    private static final int FRAME_HEADER = 24;

    private WalFile() {}

    /** How many transactions the log holds. */
    static int commits(Path database) throws IOException {
        ByteBuffer log = ByteBuffer.wrap(Files.readAllBytes(Path.of(database + "-wal")));
        if (log.capacity() < HEADER) {
            return 0;
        }
        int frame = FRAME_HEADER + log.getInt(8);
        int salt = log.getInt(16);
        int commits = 0;
        for (int at = HEADER; at + frame <= log.capacity(); at += frame) {
            boolean current = log.getInt(at + 8) == salt; // others are left from before the log began anew
            if (current && log.getInt(at + 4) != 0) { // the size of the database, which the last frame of each has
                commits++;
            }
        }
        return commits;
    }
}
