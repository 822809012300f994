package org.corestack.mongodb;

import org.bson.RawBsonDocument;
import org.corestack.document.Document;
import org.corestack.document.StoredDocument;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/**
 * What was found of a document.
 *
 * @param document null if there is none that can be read
 * @param version 0 if there is none
 * @param unreadable why there is none although something is stored, which another program has written
 */
record Found(
        @Nullable Document document, long version, @Nullable CoreException unreadable) {
    static final Found NOTHING = new Found(null, 0, null);

    static Found in(@Nullable RawBsonDocument bytes) {
        if (bytes == null) {
            return NOTHING;
        }
        try {
            StoredDocument stored = StoredCodec.read(bytes);
            return new Found(stored.document(), stored.version(), null);
        } catch (CoreException e) {
            return new Found(null, 0, e);
        }
    }
}
