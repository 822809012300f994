package org.corestack.postgresql;

import java.util.Locale;
import org.corestack.document.Key;
import org.corestack.document.Write;

/**
 * What is being done to which document, for messages.
 *
 * @param verb such as {@code insert}
 * @param collection where
 * @param key which
 */
record Doing(String verb, CollectionName collection, Key key) {
    static Doing of(Write write, CollectionName collection) {
        return new Doing(verb(write), collection, write.key());
    }

    /** As the user calls it. */
    private static String verb(Write write) {
        if (write instanceof Write.Merge) {
            return "update";
        }
        return write instanceof Write.Apply
                ? "patch"
                : write.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return "the " + verb + " of '" + key + "' in " + collection;
    }
}
