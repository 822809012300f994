package org.corestack.document;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many bytes values take as BSON. */
final class DocumentSize {
    /** What a document or list takes besides its content. */
    static final int FRAME = 5;
    /** What a field takes besides its name and value. */
    private static final int FIELD = 2;
    /** What a text or bytes take besides their content. */
    private static final int LENGTH = 5;
    /** More digits than the index of an element has. */
    private static final int INDEX = 10;
    /** The most bytes of UTF-8 for a {@code char}. */
    private static final long WIDEST = 3;

    private DocumentSize() {}

    static long exact(Map<String, @Nullable Object> fields) {
        long bytes = FRAME;
        for (Map.Entry<String, @Nullable Object> field : fields.entrySet()) {
            bytes += FIELD + utf8Length(field.getKey()) + sizeOf(field.getValue(), true);
        }
        return bytes;
    }

    /** No less than what a field takes. */
    static long fieldBound(String name, @Nullable Object value) {
        return FIELD + WIDEST * name.length() + sizeOf(value, false);
    }

    private static long sizeOf(@Nullable Object value, boolean exact) {
        return switch (ValueType.of(value)) {
            case NULL -> 0;
            case BOOLEAN -> 1;
            case INT32 -> 4;
            case INT64, DOUBLE, INSTANT -> 8;
            case DECIMAL -> 16;
            case UUID -> 16 + LENGTH;
            case STRING -> LENGTH + textLength((String) requireNonNull(value), exact);
            case BYTES -> LENGTH + ((Bytes) requireNonNull(value)).length();
            case DOCUMENT ->
                exact ? ((Document) requireNonNull(value)).size() : ((Document) requireNonNull(value)).bound();
            case LIST -> sizeOfList((List<?>) requireNonNull(value), exact);
        };
    }

    private static long sizeOfList(List<?> list, boolean exact) {
        long bytes = FRAME;
        for (int i = 0; i < list.size(); i++) {
            int digits = exact ? Integer.toString(i).length() : INDEX;
            bytes += FIELD + digits + sizeOf(list.get(i), exact);
        }
        return bytes;
    }

    private static long textLength(String text, boolean exact) {
        return exact ? utf8Length(text) : WIDEST * text.length();
    }

    private static long utf8Length(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return text.getBytes(StandardCharsets.UTF_8).length;
            }
        }
        return text.length();
    }
}
