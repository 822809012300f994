package org.corestack.postgresql;

import java.util.ArrayList;
import java.util.List;
import org.corestack.document.Document;
import org.corestack.sql.MergeJson;
import org.corestack.sql.SqlPart;

/**
 * Sets and removes top-level fields of a stored document by one statement. Immutable.
 *
 * @param fields which
 * @param size what those to set take at the most
 */
record Merging(MergeJson fields, long size) {
    /** A document of {@code jsonb} takes at most four times as much by our own measure: an element of a list does that is an empty text. */
    private static final int WIDER = 4;

    private static final String ALL_LONGS = "'" + MergeJson.ALL + "'";

    /** Each field of the document with all its integers being 64 bit ones, as names of ours. */
    private static final String SPREAD = "(SELECT coalesce(jsonb_object_agg(CASE WHEN left(name, 1) = '$'"
            + " THEN substr(name, 2) ELSE name END, '*'), '{}') FROM jsonb_object_keys(doc) AS name)";

    /** What the columns {@code doc} and {@code longs} become. */
    SqlPart assignment() {
        List<SqlPart> parts = new ArrayList<>();
        if (fields.unset().isEmpty()) {
            parts.add(SqlPart.of("doc = doc || ?::jsonb", fields.set()));
        } else {
            parts.add(SqlPart.of("doc = (doc - ?::text[]) || ?::jsonb", array(fields.unset()), fields.set()));
        }
        parts.add(longs());
        return SqlPart.join(", longs = ", parts);
    }

    private SqlPart longs() {
        SqlPart each = fields("coalesce(longs::jsonb, '{}')");
        SqlPart some = fields.longs() == null ? each.within("CASE WHEN longs IS NULL THEN NULL ELSE ", " END") : each;
        SqlPart all = fields.allLongs() ? SqlPart.of("longs") : fields(SPREAD);
        return SqlPart.join(" ELSE ", List.of(all.within("CASE WHEN longs = " + ALL_LONGS + " THEN ", ""), some))
                .within("", " END");
    }

    /** A map of fields with those of ours in it. */
    private SqlPart fields(String map) {
        List<Object> parameters = new ArrayList<>();
        parameters.add(array(fields.names()));
        String set = "";
        if (fields.longs() != null) {
            set = " || ?::jsonb";
            parameters.add(fields.longs());
        }
        return new SqlPart("nullif((" + map + " - ?::text[]" + set + ")::text, '{}')", parameters);
    }

    private static String[] array(List<String> names) {
        return names.toArray(String[]::new);
    }

    /** Whether there are documents that are sure not to become too large. */
    boolean mayFit() {
        return room() > 0;
    }

    /** What holds where the result is a document that is sure not to be too large. */
    SqlPart guard() {
        return SqlPart.of("jsonb_typeof(doc) = 'object' AND pg_column_size(doc || '{}') <= ?", room());
    }

    private long room() {
        return (Document.MAX_SIZE - size) / WIDER;
    }
}
