package org.corestack.postgresql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.sql.JsonCodec;
import org.jspecify.annotations.Nullable;

/** A page of a list as rows, decoded when the connection is given back. Not thread-safe. */
final class RowPage {
    private static final int VERSION = 1;
    private static final int DOC = 2;
    private static final int LONGS = 3;
    /** Which columns are documents. */
    static final Set<Integer> DOCUMENTS = Set.of(DOC);

    private final int most;
    private final int anchorSize;
    private final List<Row> rows = new ArrayList<>();
    private @Nullable List<Object> anchor;
    private long bytes;

    private record Row(
            Key key, long version, String doc, @Nullable String longs) {}

    /**
     * An empty page.
     *
     * @param most how many rows it can take
     * @param anchorSize how many columns, the key the last of them, say where a row stands
     */
    RowPage(int most, int anchorSize) {
        this.most = most;
        this.anchorSize = anchorSize;
    }

    int wanted() {
        return most - rows.size();
    }

    int size() {
        return rows.size();
    }

    /** What the documents take together. */
    long bytes() {
        return bytes;
    }

    /** Where the last row of a full page stands. */
    List<Object> anchor() {
        return Objects.requireNonNull(anchor);
    }

    /** How many columns a row has. */
    int columns() {
        return LONGS + anchorSize;
    }

    /**
     * Adds what a {@link Bounded} query gives; whether the page is full now, so that more may follow.
     *
     * @param room what the query was given
     */
    boolean fill(ResultSet row, long room) throws SQLException {
        long before = bytes;
        while (row.next()) {
            rows.add(new Row(
                    Key.fromBytes(row.getBytes(LONGS + anchorSize)),
                    row.getLong(VERSION),
                    row.getString(DOC),
                    row.getString(LONGS)));
            bytes = before + Bounded.total(row, columns());
            boolean cut = bytes - before >= room && row.isLast();
            if (wanted() == 0 || cut) {
                anchor = readAnchor(row);
                return true;
            }
        }
        return false;
    }

    private List<Object> readAnchor(ResultSet row) throws SQLException {
        List<Object> values = new ArrayList<>(anchorSize);
        for (int i = 1; i <= anchorSize; i++) {
            Object value = row.getObject(LONGS + i);
            values.add(value instanceof Number number ? PgNumeric.of(number) : value);
        }
        return values;
    }

    List<StoredDocument> decode(JsonCodec codec) {
        List<StoredDocument> documents = new ArrayList<>(rows.size());
        for (Row row : rows) {
            documents.add(new StoredDocument(row.key, codec.decode(row.doc, row.longs), row.version));
        }
        return documents;
    }
}
