package org.corestack.postgresql;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A store, and the names of what every store has beside its collections: they begin with an underscore, which no
 * collection's does.
 *
 * @param name checked: a letter, then letters, digits, underscores and hyphens
 */
record StoreName(String name) {
    String schema() {
        return Names.schema(name);
    }

    String quotedSchema() {
        return Names.quote(schema());
    }

    /** A table or sequence of the store for use in SQL. */
    String quoted(String relation) {
        return quotedSchema() + "." + Names.quote(relation);
    }

    String log() {
        return quoted("_corestack_log");
    }

    String meta() {
        return quoted("_corestack_meta");
    }

    String indexes() {
        return quoted("_corestack_index");
    }

    String marks() {
        return quoted("_corestack_mark");
    }

    String images() {
        return quoted("_corestack_image");
    }

    /** The next number of the log, as an expression. */
    String nextSeq() {
        return "nextval(" + Names.literal(sequence()) + ")";
    }

    String sequence() {
        return quoted("_corestack_seq");
    }

    /** The lock that whoever makes or trims tables of the store holds; one for all names that differ only in case. */
    long lock(String purpose) {
        String schema = schema().toLowerCase(Locale.ROOT);
        return Names.lock(("corestack " + purpose + " " + schema).getBytes(StandardCharsets.UTF_8));
    }

    /** For people. */
    @Override
    public String toString() {
        return name;
    }
}
