package org.corestack.sqlite;

import java.util.Locale;

/**
 * A collection, and the names it has in the file.
 *
 * @param store checked: a letter, then letters, digits, underscores and hyphens
 * @param collection checked likewise
 */
record CollectionName(String store, String collection) {
    /** The name of its table. A name can't hold a point, so that no two collections share one. */
    String table() {
        String name = store + "." + collection;
        // SQLite keeps names that begin so for itself.
        return name.toLowerCase(Locale.ROOT).startsWith("sqlite_") ? "corestack." + name : name;
    }

    /** The name of its table for use in SQL. */
    String quotedTable() {
        return quote(table());
    }

    /** The name of one of its indexes for use in SQL. */
    String quotedIndex(String index) {
        return quote(index(index));
    }

    /** The name of one of its indexes in the file. Tables and indexes share their names there. */
    String index(String index) {
        return table() + ":" + index;
    }

    private static String quote(String name) {
        return '"' + name + '"'; // a checked name holds no quotation mark
    }

    /** For people. */
    @Override
    public String toString() {
        return store + "." + collection;
    }
}
