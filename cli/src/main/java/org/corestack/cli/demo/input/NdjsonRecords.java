package org.corestack.cli.demo.input;

import java.io.IOException;
import java.io.InputStream;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

/** Reads the key of each line of NDJSON: a JSON object a line, blank lines between them. */
final class NdjsonRecords {
    private final JsonMapper mapper = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private final String keyField;

    NdjsonRecords(String keyField) {
        this.keyField = keyField;
    }

    void read(InputStream in, RecordSink sink) throws IOException {
        Utf8Lines lines = new Utf8Lines(in);
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (!line.isBlank()) {
                sink.accept(key(parse(line, lines.number()), lines.number()), lines.number());
            }
        }
    }

    private JsonNode parse(String line, int number) throws BadLine {
        JsonNode record;
        try {
            record = mapper.readTree(line);
        } catch (StreamReadException e) {
            int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
            throw new BadLine(
                    number, "is broken JSON" + (column > 0 ? " at column " + column : "") + ": " + plain(e), e);
        } catch (MismatchedInputException e) {
            throw new BadLine(number, "holds more behind its JSON object, but each line must hold one alone", e);
        } catch (JacksonException e) {
            throw new BadLine(number, "is not one JSON object: " + plain(e), e);
        }
        if (!record.isObject()) {
            throw new BadLine(number, "holds " + kind(record) + ", but each line must hold one JSON object");
        }
        return record;
    }

    /** The parser's message without what it says of its own classes. */
    private static String plain(JacksonException error) {
        String message = error.getOriginalMessage()
                .replaceFirst(" \\(start marker at .*", "")
                .replaceAll(", from `[^`]*`", "");
        return error instanceof UnexpectedEndOfInputException
                ? message + "; each line must hold a whole JSON object"
                : message;
    }

    private String key(JsonNode record, int number) throws BadLine {
        JsonNode key = record.get(keyField);
        if (key == null) {
            throw BadLine.withoutField(
                    number, "has no field", keyField, "it has", new TreeSet<>(record.propertyNames()));
        }
        if (!key.isString() && !key.isNumber()) {
            throw new BadLine(
                    number, "has " + kind(key) + " in the field '" + keyField + "', but a key is a string or a number");
        }
        return key.asString();
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case NULL -> "null";
            case BOOLEAN -> "a boolean";
            case STRING -> "a string";
            case NUMBER -> "a number";
            default -> "nothing";
        };
    }
}
