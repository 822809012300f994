package org.corestack.sql;

import java.io.StringWriter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.corestack.document.Document;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Documents as JSON that loses nothing of them. Thread-safe.
 *
 * <p>Null, booleans, text, lists and documents are what they are in JSON; integers are numbers without, and
 * doubles with a point or exponent. Other types are objects whose first member says the type:
 * {@code {"$t": "2026-11-24T15:57:39.123Z"}}, {@code {"$u": "…"}} (UUID), {@code {"$b": "00ff"}} (bytes) and
 * {@code {"$d": "1.10", "$n": 1.1, "$r": "…"}} (decimal: exact, and as {@link NumberForm}, without the rest
 * where there is none); a double that its {@link DoubleForm} can't say is {@code {"$f": "-0.0", "$n": 0.0}}. A field
 * whose name starts with {@code $} has another in front.
 */
public final class JsonCodec {
    private final JsonFactory json = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(2_000)
                    .build())
            .build();

    private final DoubleForm doubles;
    private volatile @Nullable ParsedLongs lastLongs;

    /** A codec that writes doubles as the JDK does. */
    public JsonCodec() {
        this(DoubleForm.SHORTEST);
    }

    /** A codec for a database that keeps numbers in its own way. */
    public JsonCodec(DoubleForm doubles) {
        this.doubles = doubles;
    }

    /** A document as the columns of a table hold it. */
    public StoredJson encode(Document document) {
        Object longs = Longs.of(document);
        return new StoredJson(
                write(writer -> writer.write(document)),
                longs == null ? null : write(writer -> writer.writeLongs(longs)));
    }

    /** What sets and removes top-level fields, for a database that does so itself. */
    public MergeJson encode(Document set, Set<String> unset) {
        Map<String, Object> longs = Longs.ofFields(set);
        List<String> names = new ArrayList<>(set.asMap().keySet());
        names.addAll(unset);
        return new MergeJson(
                write(writer -> writer.write(set)),
                unset.stream().map(Tags::escape).toList(),
                longs.isEmpty() ? null : write(writer -> writer.writeLongs(longs)),
                names,
                Longs.areAll(set));
    }

    /** The JSON of one value, as it stands within a document. */
    public String encodeValue(Object value) {
        return write(writer -> writer.write(value));
    }

    /**
     * The document that was encoded.
     *
     * @throws CoreException DATA_LOSS if the texts are nothing that {@link #encode} gave
     */
    public Document decode(String doc, @Nullable String longs) {
        Object tree = longs == null ? null : longs(longs);
        return read(doc, reader -> reader.readDocument(tree));
    }

    /** The documents of a collection mostly have the same, and parsing it takes as long as parsing half a document. */
    private Object longs(String text) {
        ParsedLongs parsed = lastLongs;
        if (parsed == null || !parsed.text.equals(text)) {
            parsed = new ParsedLongs(text, read(text, JsonReader::readLongs));
            lastLongs = parsed;
        }
        return parsed.tree;
    }

    private record ParsedLongs(String text, Object tree) {}

    private String write(Consumer<JsonWriter> content) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = json.createGenerator(ObjectWriteContext.empty(), text)) {
            content.accept(new JsonWriter(out, doubles));
        }
        return text.toString();
    }

    private <T> T read(String text, Function<JsonReader, T> content) {
        try (JsonParser in = json.createParser(ObjectReadContext.empty(), text)) {
            T value = content.apply(new JsonReader(in));
            if (in.nextToken() != null) {
                throw new IllegalArgumentException("text behind the end");
            }
            return value;
        } catch (CoreException e) {
            // What can't be in a document can't have been written by encode.
            throw e.code() == ErrorCode.DATA_LOSS
                    ? e
                    : new CoreException(
                            ErrorCode.DATA_LOSS, "a stored document is damaged: it holds what none can hold");
        } catch (JacksonException | IllegalArgumentException | DateTimeParseException e) {
            // The cause's message may quote the document: its class says enough.
            throw new CoreException(
                    ErrorCode.DATA_LOSS,
                    "a stored document is damaged: " + e.getClass().getSimpleName());
        }
    }
}
