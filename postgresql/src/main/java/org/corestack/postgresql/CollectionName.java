package org.corestack.postgresql;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.corestack.document.Key;

/**
 * A collection, and the names it has in the database.
 *
 * @param store its store
 * @param collection checked: a letter, then up to 47 letters, digits, underscores and hyphens
 */
record CollectionName(StoreName store, String collection) {
    /** The name of its table for use in SQL. */
    String table() {
        return store.quoted(collection);
    }

    /** The name of its primary key: no index's, as those have a name behind the colon. */
    String primaryKey() {
        return collection + ":";
    }

    /** The name of one of its indexes. Tables and indexes of a schema share their names. */
    String index(String index) {
        return Names.fitting(collection + ":" + index);
    }

    /** The number of the lock on one key. */
    long lock(Key key) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes((store.schema() + "." + collection).getBytes(StandardCharsets.UTF_8));
        text.write(0);
        text.writeBytes(key.toBytes());
        return Names.lock(text.toByteArray());
    }

    /** For people. */
    @Override
    public String toString() {
        return store + "." + collection;
    }
}
