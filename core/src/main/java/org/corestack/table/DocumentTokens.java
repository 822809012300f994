package org.corestack.table;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.util.TokenBuffer;

/** Turns documents into Jackson's tokens and back, each value as what it is and never as text. */
final class DocumentTokens {
    private final JsonParser parser;
    private final Deque<String> path = new ArrayDeque<>();

    private DocumentTokens(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * The one value that a parser gives, in a form that a document can hold; CoreException INVALID_ARGUMENT naming the
     * path of what it can't.
     */
    static @Nullable Object read(JsonParser parser) {
        parser.nextToken();
        return readCurrent(parser);
    }

    /** As {@link #read}, of a parser that stands at the value's first token. */
    static @Nullable Object readCurrent(JsonParser parser) {
        DocumentTokens tokens = new DocumentTokens(parser);
        try {
            return tokens.value(parser.currentToken());
        } catch (CoreException e) {
            String at = tokens.path.isEmpty() ? "" : "at " + String.join(".", tokens.path) + ", ";
            throw new CoreException(e.code(), at + e.getMessage(), e);
        }
    }

    private @Nullable Object value(@Nullable JsonToken token) {
        if (token == null) {
            throw CoreException.invalidArgument("the mapping of the type wrote nothing");
        }
        return switch (token) {
            case START_OBJECT -> document();
            case START_ARRAY -> list();
            case VALUE_NULL -> null;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getNumberValue());
            case VALUE_EMBEDDED_OBJECT -> parser.getEmbeddedObject();
            default -> throw CoreException.invalidArgument("the mapping of the type wrote an unexpected " + token);
        };
    }

    private static Number number(Number number) {
        return number instanceof BigInteger integer ? new BigDecimal(integer) : number;
    }

    private Document document() {
        Document.Builder fields = Document.builder();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_OBJECT; token = parser.nextToken()) {
            String name = parser.currentName();
            path.addLast(name);
            fields.put(name, value(parser.nextToken()));
            path.removeLast();
        }
        return fields.build();
    }

    private List<@Nullable Object> list() {
        List<@Nullable Object> elements = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            path.addLast("[" + elements.size() + "]");
            elements.add(value(token));
            path.removeLast();
        }
        return elements;
    }

    /** Writes a document's value, so that it comes out of the buffer's parser as it is. */
    static void write(@Nullable Object value, TokenBuffer out) {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof String text) {
            out.writeString(text);
        } else if (value instanceof Integer number) {
            out.writeNumber(number);
        } else if (value instanceof Long number) {
            out.writeNumber(number);
        } else if (value instanceof Boolean truth) {
            out.writeBoolean(truth);
        } else if (value instanceof Double number) {
            out.writeNumber(number);
        } else if (value instanceof BigDecimal number) {
            out.writeNumber(number);
        } else if (value instanceof Instant || value instanceof UUID) {
            out.writeEmbeddedObject(value);
        } else if (value instanceof Bytes bytes) {
            out.writeEmbeddedObject(bytes.toArray());
        } else if (value instanceof Document inner) {
            out.writeStartObject();
            inner.asMap().forEach((name, field) -> {
                out.writeName(name);
                write(field, out);
            });
            out.writeEndObject();
        } else {
            out.writeStartArray();
            ((List<?>) value).forEach(element -> write(element, out));
            out.writeEndArray();
        }
    }
}
