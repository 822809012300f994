package org.corestack.sql;

import java.util.List;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter.Operator;
import org.jspecify.annotations.Nullable;

/**
 * How one database expresses the values of documents. Thread-safe.
 *
 * <p>Index, predicate and order have to be made of the very same expressions, or no index serves them: so
 * they all come from here. A predicate is SQL's true for the documents that are meant; for the others it can be false
 * or NULL, which {@link FilterSql} keeps apart from true wherever it matters. It is an expression of at most {@code AND}
 * at its top; whoever joins it otherwise puts it into parentheses.
 */
public interface SqlDialect {
    /**
     * The expressions which, compared one after the other, order documents by the value at a path. None of
     * them is ever SQL's NULL. An index on a path is on these and then on the key.
     *
     * @param path of the document, of the key, or the key itself, for which it is the column {@code key} alone
     */
    List<String> columns(FieldPath path);

    /**
     * The predicate that means what {@link org.corestack.document.Filter.Compare} means.
     *
     * @param value a scalar in normal form; null with EQ; for the key itself a key's value, a record only with EQ
     */
    SqlPart compare(FieldPath path, Operator operator, @Nullable Object value);

    /**
     * Whether the database compares rows, {@code (a, b) > (?, ?)}, by an index on their columns. Where the first of
     * {@link #columns} is one and the same for many documents, a page can't be found without.
     */
    default boolean comparesRows() {
        return false;
    }

    /** The predicate that means what {@link org.corestack.document.Filter.In} means. */
    SqlPart in(FieldPath path, List<@Nullable Object> values);

    /** The predicate that means what {@link org.corestack.document.Filter.Exists} means. */
    SqlPart exists(FieldPath path);

    /**
     * The predicate that means what {@link org.corestack.document.Filter.Prefix} means: a range, which an index serves
     * ({@link TextRange}).
     */
    SqlPart prefix(FieldPath path, String prefix);

    /**
     * How the elements of the list at a path are looked at.
     *
     * @param level how many lists around it are looked into already, to give each its own name in the statement
     */
    Elements elements(FieldPath path, int level);

    /**
     * The expression that takes the place of the column {@code doc} where only some fields are wanted.
     *
     * @param only the fields; with none it is the column itself
     */
    String projection(List<FieldPath> only);

    /**
     * The frame of a predicate on the elements of a list: {@code before}, a predicate of {@code dialect}, {@code after}.
     *
     * @param before what stands before it, such as {@code EXISTS (SELECT … WHERE}
     * @param dialect how paths from an element, and the element itself, are expressed within
     * @param after what stands behind it
     */
    record Elements(String before, SqlDialect dialect, String after) {}
}
