package org.corestack.sql;

import org.corestack.document.Document;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/**
 * What a stored document is read to where one that can't be read must not end the reading of others.
 *
 * @param document the document; null if there is none, or none that can be read
 * @param unreadable why it can't be read; null if it can, or nothing is stored
 */
public record DecodedJson(
        @Nullable Document document, @Nullable CoreException unreadable) {
    /** Of nothing that is stored. */
    public static final DecodedJson NOTHING = new DecodedJson(null, null);

    /** Reads what is stored, which null says is nothing. */
    public static DecodedJson of(JsonCodec codec, @Nullable StoredJson stored) {
        if (stored == null) {
            return NOTHING;
        }
        try {
            return new DecodedJson(codec.decode(stored.doc(), stored.longs()), null);
        } catch (CoreException e) {
            return new DecodedJson(null, e);
        }
    }

    /** Why this or another can't be read; null if both can. */
    public @Nullable CoreException unreadableOr(DecodedJson other) {
        return unreadable == null ? other.unreadable : unreadable;
    }
}
