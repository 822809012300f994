package org.corestack.sql;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Writes values as JSON. For one use by one thread. */
final class JsonWriter {
    private final JsonGenerator out;
    private final DoubleForm doubles;

    JsonWriter(JsonGenerator out, DoubleForm doubles) {
        this.out = out;
        this.doubles = doubles;
    }

    void write(@Nullable Object value) {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof String text) {
            out.writeString(text);
        } else if (value instanceof Integer || value instanceof Long) {
            out.writeNumber(((Number) value).longValue());
        } else if (value instanceof Boolean truth) {
            out.writeBoolean(truth);
        } else if (value instanceof Double number && doubles.keeps(number)) {
            out.writeNumber(doubles.text(number));
        } else if (value instanceof Document document) {
            writeDocument(document);
        } else if (value instanceof List<?> list) {
            out.writeStartArray();
            for (Object element : list) {
                write(element);
            }
            out.writeEndArray();
        } else {
            writeTagged(value);
        }
    }

    private void writeDocument(Document document) {
        out.writeStartObject();
        for (Map.Entry<String, @Nullable Object> field : document.asMap().entrySet()) {
            out.writeName(Tags.escape(field.getKey()));
            write(field.getValue());
        }
        out.writeEndObject();
    }

    private void writeTagged(Object value) {
        out.writeStartObject();
        if (value instanceof BigDecimal decimal) {
            writeDecimal(decimal);
        } else if (value instanceof Double number) {
            out.writeStringProperty(Tags.DOUBLE, number.toString());
            out.writeName(Tags.NEAREST);
            out.writeNumber(doubles.text(number));
        } else if (value instanceof Instant instant) {
            out.writeStringProperty(Tags.INSTANT, InstantForm.text(instant));
        } else if (value instanceof UUID uuid) {
            out.writeStringProperty(Tags.UUID, uuid.toString());
        } else if (value instanceof Bytes bytes) {
            out.writeStringProperty(Tags.BYTES, HexFormat.of().formatHex(bytes.toArray()));
        } else {
            throw new CoreException(ErrorCode.INVALID_ARGUMENT, "a document can't hold a " + value.getClass());
        }
        out.writeEndObject();
    }

    private void writeDecimal(BigDecimal decimal) {
        NumberForm form = NumberForm.of(decimal);
        out.writeStringProperty(Tags.DECIMAL, decimal.toString());
        out.writeName(Tags.NEAREST);
        write(form.nearest());
        if (!form.rest().equals(NumberForm.EQUAL)) {
            out.writeStringProperty(Tags.REST, form.rest());
        }
    }

    /** Writes a tree of {@link Longs}. */
    void writeLongs(Object tree) {
        if (tree instanceof Map<?, ?> map) {
            out.writeStartObject();
            map.forEach((name, inner) -> {
                out.writeName((String) name);
                writeLongs(inner);
            });
            out.writeEndObject();
        } else {
            out.writeString(Longs.ALL);
        }
    }
}
