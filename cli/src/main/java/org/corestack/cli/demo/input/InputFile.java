package org.corestack.cli.demo.input;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.corestack.cli.demo.register.CharacterRecord;
import org.corestack.cli.demo.register.Printable;
import org.corestack.document.Key;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;

/**
 * A file of the user's own records: NDJSON ({@code .ndjson}, {@code .jsonl}, {@code .json}) or CSV ({@code .csv}),
 * in UTF-8. Only the records' keys are kept in memory.
 */
public final class InputFile {
    private final Path file;
    private final String keyField;

    /**
     * A file.
     *
     * @param keyField the name of the field that holds each record's key
     */
    public InputFile(Path file, String keyField) {
        this.file = file;
        this.keyField = keyField;
    }

    /**
     * Reads the whole file before anything is done with it.
     *
     * @return a record for each key
     * @throws CoreException NOT_FOUND, FORBIDDEN or INVALID_ARGUMENT, naming the file, and the line where one is wrong
     */
    public SortedMap<String, CharacterRecord> read() {
        SortedMap<String, CharacterRecord> records = new TreeMap<>();
        Map<String, Integer> lines = new HashMap<>();
        RecordSink sink = (key, line) -> {
            check(key, line);
            Integer earlier = lines.putIfAbsent(key, line);
            if (earlier != null) {
                throw new BadLine(
                        line,
                        "has the key '" + Printable.of(key) + "' of line " + earlier
                                + "; each record needs a key of its own");
            }
            records.put(key, new CharacterRecord(key));
        };
        checkFile();
        boolean csv = isCsv();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            if (csv) {
                new CsvRecords(keyField).read(in, sink);
            } else {
                new NdjsonRecords(keyField).read(in, sink);
            }
        } catch (BadLine e) {
            throw new CoreException(ErrorCode.INVALID_ARGUMENT, file + ": " + oneLine(e.getMessage()), e);
        } catch (AccessDeniedException e) {
            throw new CoreException(ErrorCode.FORBIDDEN, file + " may not be read by this user", e);
        } catch (IOException e) {
            throw new CoreException(ErrorCode.UNAVAILABLE, file + " can't be read: " + e.getMessage(), e);
        }
        if (records.isEmpty()) {
            throw CoreException.invalidArgument(file + " holds no records");
        }
        return records;
    }

    private void checkFile() {
        if (!Files.exists(file)) {
            throw CoreException.notFound("there is no file " + file);
        }
        if (Files.isDirectory(file)) {
            throw CoreException.invalidArgument(file + " is a directory; --input takes a file");
        }
    }

    private boolean isCsv() {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv")) {
            return true;
        }
        if (name.endsWith(".ndjson") || name.endsWith(".jsonl") || name.endsWith(".json")) {
            return false;
        }
        throw CoreException.invalidArgument(file
                + " has no known ending: name it .csv for CSV, or .ndjson, .jsonl or .json for a JSON object a line");
    }

    private static void check(String key, int line) throws BadLine {
        if (key.isEmpty()) {
            throw new BadLine(line, "has an empty key");
        }
        if (key.indexOf('\0') >= 0) {
            throw new BadLine(line, "has a key that holds a NUL");
        }
        try {
            Key.of(key);
        } catch (CoreException e) {
            throw new BadLine(line, "has a key that can't be kept: " + e.getMessage(), e);
        }
    }

    private static String oneLine(String message) {
        return message.replaceAll("\\p{Cntrl}+", " ");
    }
}
