package org.corestack.cli.demo.input;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;
import tools.jackson.dataformat.csv.CsvSchema;

/** Reads the key of each record of CSV: commas, double quotes, a first line that names the columns. */
final class CsvRecords {
    private final CsvMapper mapper =
            CsvMapper.builder().enable(CsvReadFeature.SKIP_EMPTY_LINES).build();
    private final String keyField;
    private int line = 1;

    CsvRecords(String keyField) {
        this.keyField = keyField;
    }

    void read(InputStream in, RecordSink sink) throws IOException {
        CsvSchema header = CsvSchema.emptySchema().withHeader();
        LinesReader reader = new LinesReader(new Utf8Lines(in));
        try (JsonParser parser = mapper.reader(header).createParser(reader)) {
            boolean first = true;
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                if (first) {
                    checkColumns((CsvSchema) parser.getSchema());
                    first = false;
                }
                line = parser.currentLocation().getLineNr();
                String key = key(parser);
                if (key == null) {
                    throw new BadLine(line, "ends before the column '" + keyField + "'");
                }
                sink.accept(key, line);
            }
        } catch (JacksonException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause; // of the file, or of a line that is not in UTF-8
            }
            if (reader.blank) {
                return; // no header, but nothing else either
            }
            throw new BadLine(line, "begins broken CSV: " + e.getOriginalMessage(), e);
        }
    }

    private void checkColumns(CsvSchema schema) throws BadLine {
        List<String> columns = schema.getColumnNames();
        if (columns.stream().filter(keyField::equals).count() > 1) {
            throw new BadLine(1, "names the column '" + keyField + "' twice");
        }
        if (!columns.contains(keyField)) {
            throw BadLine.withoutField(1, "names no column", keyField, "it names", columns);
        }
    }

    private @Nullable String key(JsonParser parser) {
        String key = null;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            String value = parser.nextStringValue();
            if (name.equals(keyField)) {
                key = value;
            }
        }
        return key;
    }

    /** Lines as a stream of characters. */
    private static final class LinesReader extends Reader {
        private final Utf8Lines lines;
        private @Nullable String line = "";
        private int at;
        private boolean blank = true;

        LinesReader(Utf8Lines lines) {
            this.lines = lines;
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            while (line != null && at == line.length()) {
                line = lines.next();
                at = 0;
                blank &= line == null || line.isBlank();
            }
            if (line == null) {
                return -1;
            }
            int count = Math.min(length, line.length() - at);
            line.getChars(at, at + count, buffer, offset);
            at += count;
            return count;
        }

        @Override
        public void close() {
            // Whoever opened the file closes it.
        }
    }
}
