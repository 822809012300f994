package org.corestack.postgresql;

import java.util.List;
import org.corestack.document.FieldPath;
import org.corestack.document.FieldPath.Root;
import org.corestack.document.Filter.Operator;
import org.corestack.sql.JsonCodec;
import org.corestack.sql.SqlDialect;
import org.corestack.sql.SqlPart;
import org.jspecify.annotations.Nullable;

/**
 * Values in PostgreSQL's terms: of a document, of a key, or of the elements of a list.
 *
 * <p>The first column of a path is its number, a decimal's nearest one; NaN, which comes behind all numbers and is no
 * value of a document, stands for what is none. The second is text, compared by bytes: what decides between decimals
 * of one nearest number, and for others a letter for the class of type and then the value; nothing for null and
 * missing. An index holds some 2,700 bytes, so it is cut, and the third column is what was cut off.
 */
final class PostgresDialect implements SqlDialect {
    /** The most characters of a value's text that an index holds, so that several paths and a key of 1 KiB fit. */
    static final int PREFIX = 96;

    private final JsonCodec codec;
    private final StoreName store;
    private final String json;

    PostgresDialect(JsonCodec codec, StoreName store) {
        this(codec, store, "doc");
    }

    /**
     * The words for one root of paths.
     *
     * @param json the JSON that plain paths begin at, and that an element is
     */
    private PostgresDialect(JsonCodec codec, StoreName store, String json) {
        this.codec = codec;
        this.store = store;
        this.json = json;
    }

    /** The expressions of a path that is not the key itself. */
    Place place(FieldPath path) {
        return path.root() == Root.ELEMENT
                ? Place.element(store, json)
                : Place.within(store, path.root() == Root.KEY ? "record" : json, path.names());
    }

    @Override
    public List<String> columns(FieldPath path) {
        if (path.isWholeKey()) {
            return List.of("key");
        }
        Place place = place(path);
        return List.of(place.number(), place.prefix(), place.rest());
    }

    /** The columns that an index is on, before the key. */
    List<String> indexed(FieldPath path) {
        Place place = place(path);
        return List.of(place.number(), place.prefix());
    }

    @Override
    public boolean comparesRows() {
        return true;
    }

    @Override
    public SqlPart compare(FieldPath path, Operator operator, @Nullable Object value) {
        return path.isWholeKey()
                ? KeyRanges.compare(operator, value)
                : new Comparisons(codec, place(path)).compare(operator, value);
    }

    @Override
    public SqlPart in(FieldPath path, List<@Nullable Object> values) {
        if (values.isEmpty()) {
            return SqlPart.of("FALSE");
        }
        return path.isWholeKey() ? KeyRanges.in(values) : new Comparisons(codec, place(path)).in(values);
    }

    @Override
    public SqlPart exists(FieldPath path) {
        return SqlPart.of(path.names().isEmpty() ? "TRUE" : place(path).present());
    }

    @Override
    public SqlPart prefix(FieldPath path, String prefix) {
        return path.isWholeKey() ? KeyRanges.prefix(prefix) : new Comparisons(codec, place(path)).prefix(prefix);
    }

    /** What is no list has no elements: PostgreSQL would fail where it looks at them all the same. */
    @Override
    public Elements elements(FieldPath path, int level) {
        String alias = "e" + level;
        if (path.isWholeKey()) {
            return new Elements("FALSE AND (", new PostgresDialect(codec, store, "NULL::jsonb"), ")");
        }
        Place list = place(path);
        return new Elements(
                list.isList() + " AND EXISTS (SELECT 1 FROM jsonb_array_elements(CASE WHEN " + list.isList() + " THEN "
                        + list.value() + " ELSE '[]'::jsonb END) AS " + alias + " (value) WHERE ",
                new PostgresDialect(codec, store, alias + ".value"),
                ")");
    }

    @Override
    public String projection(List<FieldPath> only) {
        return only.isEmpty() ? json : Projection.of(only).in(store, json);
    }
}
