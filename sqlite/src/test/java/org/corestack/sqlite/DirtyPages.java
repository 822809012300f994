package org.corestack.sqlite;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * How much of a file's content the system still has to write to the disk, as Linux tells a process of what it has
 * mapped.
 */
final class DirtyPages {
    private static final Path SMAPS = Path.of("/proc/self/smaps");

    private DirtyPages() {}

    /** The bytes not yet on the disk; empty where the system does not say. */
    static OptionalLong of(Path file) throws IOException {
        if (!Files.isReadable(SMAPS)) {
            return OptionalLong.empty();
        }
        try (FileChannel channel = FileChannel.open(file)) {
            MappedByteBuffer content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            content.load(); // only pages that were touched are told of
            OptionalLong dirty =
                    dirty(Files.readAllLines(SMAPS), file.toRealPath().toString());
            content.get(0); // keeps the mapping until here
            return dirty;
        }
    }

    private static OptionalLong dirty(List<String> lines, String path) {
        boolean ours = false;
        boolean found = false;
        long kilobytes = 0;
        for (String line : lines) {
            if (line.matches("^[0-9a-f]+-[0-9a-f]+ .*")) {
                ours = line.endsWith(path);
                found |= ours;
            } else if (ours && line.matches("(Shared|Private)_Dirty:.*")) {
                kilobytes += Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        return found ? OptionalLong.of(kilobytes * 1024) : OptionalLong.empty();
    }
}
