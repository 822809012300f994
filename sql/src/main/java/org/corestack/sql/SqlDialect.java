package org.corestack.sql;

import java.util.List;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter.Operator;
import org.jspecify.annotations.Nullable;

/**
 * How one database expresses the values of documents. Thread-safe.
 *
 * <p>Index, predicate and order have to be made of the very same expressions, or no index serves them: so
 * they all come from here.
 */
public interface SqlDialect {
    /**
     * The expressions which, compared one after the other, order documents by the value at a path. None of
     * them is ever SQL's NULL. An index on a path is on these and then on the key.
     */
    List<String> columns(FieldPath path);

    /**
     * The predicate that means what {@link org.corestack.document.Filter.Compare} means.
     *
     * @param value a scalar in normal form; null with EQ
     */
    SqlPart compare(FieldPath path, Operator operator, @Nullable Object value);

    /**
     * Whether the database compares rows, {@code (a, b) > (?, ?)}, by an index on their columns. Where the first of
     * {@link #columns} is one and the same for many documents, a page can't be found without.
     */
    default boolean comparesRows() {
        return false;
    }
}
