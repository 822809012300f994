package org.corestack.sql;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads what {@link JsonWriter} wrote. For one use by one thread. */
final class JsonReader {
    private final JsonParser in;

    JsonReader(JsonParser in) {
        this.in = in;
    }

    Document readDocument(@Nullable Object longs) {
        if (in.nextToken() == JsonToken.START_OBJECT && readObject(longs) instanceof Document document) {
            return document;
        }
        throw damaged("it is no document");
    }

    private @Nullable Object readValue(@Nullable JsonToken token, @Nullable Object longs) {
        if (token == null) {
            throw damaged("it ends too early");
        }
        return switch (token) {
            case VALUE_NULL -> null;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_STRING -> in.getString();
            case VALUE_NUMBER_INT -> readInteger(longs);
            case VALUE_NUMBER_FLOAT -> Double.valueOf(in.getString());
            case START_OBJECT -> readObject(longs);
            case START_ARRAY -> readList(longs);
            default -> throw damaged("unexpected " + token);
        };
    }

    private Object readInteger(@Nullable Object longs) {
        long number = in.getLongValue();
        boolean wide = Longs.ALL.equals(longs) || (int) number != number;
        return wide ? (Object) number : (Object) (int) number;
    }

    private List<@Nullable Object> readList(@Nullable Object longs) {
        List<@Nullable Object> list = new ArrayList<>();
        for (JsonToken token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
            boolean mixed = longs instanceof Map;
            list.add(readValue(token, mixed ? Longs.beneath(longs, String.valueOf(list.size())) : longs));
        }
        return list;
    }

    private Object readObject(@Nullable Object longs) {
        String name = in.nextName();
        if (name != null && isTag(name)) {
            return readTagged(name);
        }
        Document.Builder document = Document.builder();
        while (name != null) {
            String original = Tags.unescape(name);
            document.put(original, readValue(in.nextToken(), Longs.beneath(longs, original)));
            name = in.nextName();
        }
        return document.build();
    }

    private static boolean isTag(String name) {
        return name.startsWith("$") && !name.startsWith("$$");
    }

    private Object readTagged(String tag) {
        if (in.nextToken() != JsonToken.VALUE_STRING) {
            throw damaged("a value tagged " + tag + " is no text");
        }
        String text = in.getString();
        JsonToken more = in.nextToken();
        while (more != null && more != JsonToken.END_OBJECT) { // a decimal has more members, which say nothing new
            more = in.nextToken();
        }
        return switch (tag) {
            case Tags.DECIMAL -> new BigDecimal(text);
            case Tags.DOUBLE -> Double.valueOf(text);
            case Tags.INSTANT -> InstantForm.parse(text);
            case Tags.UUID -> UUID.fromString(text);
            case Tags.BYTES -> Bytes.of(HexFormat.of().parseHex(text));
            default -> throw damaged("unknown tag " + tag);
        };
    }

    /** Reads a tree of {@link Longs}. */
    Object readLongs() {
        JsonToken token = in.nextToken();
        if (token == JsonToken.VALUE_STRING) {
            return Longs.ALL;
        }
        if (token != JsonToken.START_OBJECT) {
            throw damaged("the column longs is neither text nor object");
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        for (String name = in.nextName(); name != null; name = in.nextName()) {
            tree.put(name, readLongs());
        }
        return tree;
    }

    private static CoreException damaged(String why) {
        return new CoreException(ErrorCode.DATA_LOSS, "a stored document is damaged: " + why);
    }
}
