package org.corestack.sqlite;

import java.util.List;
import org.corestack.document.FieldPath;
import org.corestack.document.FieldPath.Root;
import org.corestack.document.Filter.Operator;
import org.corestack.sql.JsonCodec;
import org.corestack.sql.SqlDialect;
import org.corestack.sql.SqlPart;
import org.jspecify.annotations.Nullable;

/**
 * Values in SQLite's terms: of a document, of a key, or of the elements of a list.
 *
 * <p>The first column of a path is the value itself: a number (a decimal's nearest one, a boolean's 0 or 1),
 * a text (a string's own, a tagged value's JSON, a list's or document's JSON), and minus infinity for null
 * and missing, which no number of a document is and which sorts before them. The second is what decides
 * between decimals whose first is equal.
 */
final class SqliteDialect implements SqlDialect {
    private final JsonCodec codec;
    private final KeyRanges keys;
    private final String json;
    private final @Nullable String element;

    SqliteDialect(JsonCodec codec) {
        this(codec, "doc", null);
    }

    /**
     * The words for one root of paths.
     *
     * @param json the JSON that plain paths begin at
     * @param element the row that the path of an element means, null where there is none
     */
    private SqliteDialect(JsonCodec codec, String json, @Nullable String element) {
        this.codec = codec;
        this.keys = new KeyRanges(codec);
        this.json = json;
        this.element = element;
    }

    /** The expressions of a path that is not the key itself. */
    Place place(FieldPath path) {
        if (path.root() == Root.ELEMENT && element != null) {
            return Place.element(element, json);
        }
        return Place.within(path.root() == Root.KEY ? "record" : json, path.names());
    }

    @Override
    public List<String> columns(FieldPath path) {
        if (path.isWholeKey()) {
            return List.of("key");
        }
        Place place = place(path);
        return List.of(place.value(), place.rest());
    }

    @Override
    public SqlPart compare(FieldPath path, Operator operator, @Nullable Object value) {
        return path.isWholeKey()
                ? keys.compare(operator, value)
                : new Comparisons(codec, place(path)).compare(operator, value);
    }

    @Override
    public SqlPart in(FieldPath path, List<@Nullable Object> values) {
        if (values.isEmpty()) {
            return SqlPart.of("FALSE");
        }
        return path.isWholeKey() ? keys.in(values) : new Comparisons(codec, place(path)).in(values);
    }

    @Override
    public SqlPart exists(FieldPath path) {
        return SqlPart.of(path.names().isEmpty() ? "TRUE" : place(path).present());
    }

    @Override
    public SqlPart prefix(FieldPath path, String prefix) {
        return path.isWholeKey() ? keys.prefix(prefix) : new Comparisons(codec, place(path)).prefix(prefix);
    }

    /** The elements of a list within a list are read from that element's own text, not from the whole document. */
    @Override
    public Elements elements(FieldPath path, int level) {
        String alias = "e" + level;
        String object = "CASE " + alias + ".type WHEN 'object' THEN " + alias + ".value END";
        String list = path.root() == Root.ELEMENT
                ? "CASE " + element + ".type WHEN 'array' THEN " + element + ".value END"
                : (path.root() == Root.KEY ? "record" : json) + ", '" + Place.path(path.names()) + "'";
        String isList = path.isWholeKey() ? "FALSE" : place(path).type() + " IS 'array'";
        return new Elements(
                isList + " AND EXISTS (SELECT 1 FROM json_each(" + list + ") AS " + alias + " WHERE ",
                new SqliteDialect(codec, object, alias),
                ")");
    }

    @Override
    public String projection(List<FieldPath> only) {
        return only.isEmpty() ? json : Projection.of(only).in(json);
    }
}
