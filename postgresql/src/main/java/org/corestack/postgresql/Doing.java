package org.corestack.postgresql;

import org.corestack.document.Key;

/**
 * What is being done to which document, for messages.
 *
 * @param verb such as {@code insert}
 * @param collection where
 * @param key which
 */
record Doing(String verb, CollectionName collection, Key key) {
    @Override
    public String toString() {
        return "the " + verb + " of '" + key + "' in " + collection;
    }
}
