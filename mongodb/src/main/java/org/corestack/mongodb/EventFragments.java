package org.corestack.mongodb;

import com.mongodb.client.model.changestream.ChangeStreamDocument;
import com.mongodb.client.model.changestream.SplitEvent;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/**
 * Puts together the fragments in which servers give an event that is larger than a document may be: each has some of the
 * event's fields, and a token of its own, from which only a stream can be resumed that is asked for in the same way. For
 * one thread.
 */
final class EventFragments {
    private final List<ChangeStreamDocument<RawBsonDocument>> parts = new ArrayList<>();
    private @Nullable BsonDocument token; // that of the last fragment seen

    private interface Field<T> {
        @Nullable
        T of(ChangeStreamDocument<RawBsonDocument> part);
    }

    /** Takes what the stream has; gives an event as it was before it was split, null while some of it is to come. */
    @Nullable
    ChangeStreamDocument<RawBsonDocument> add(ChangeStreamDocument<RawBsonDocument> next) {
        SplitEvent split = next.getSplitEvent();
        if (split == null) {
            parts.clear();
            return next;
        }
        token = next.getResumeToken();
        if (split.getFragment() == 1) {
            parts.clear();
        }
        parts.add(next);
        if (split.getFragment() != parts.size()) {
            throw CoreException.unsupported(
                    "fragment " + split.getFragment() + " of a change came where " + parts.size() + " was to come");
        }
        if (split.getFragment() < split.getOf()) {
            return null;
        }
        ChangeStreamDocument<RawBsonDocument> whole = whole(split);
        parts.clear();
        return whole;
    }

    private ChangeStreamDocument<RawBsonDocument> whole(SplitEvent last) {
        BsonDocument extra = new BsonDocument();
        for (ChangeStreamDocument<RawBsonDocument> part : parts) {
            if (part.getExtraElements() != null) {
                extra.putAll(part.getExtraElements());
            }
        }
        return new ChangeStreamDocument<>(
                any(ChangeStreamDocument::getOperationTypeString),
                parts.get(parts.size() - 1).getResumeToken(),
                null,
                null,
                null,
                any(ChangeStreamDocument::getFullDocument),
                any(ChangeStreamDocument::getFullDocumentBeforeChange),
                any(ChangeStreamDocument::getDocumentKey),
                any(ChangeStreamDocument::getClusterTime),
                null,
                any(ChangeStreamDocument::getTxnNumber),
                null,
                any(ChangeStreamDocument::getWallTime),
                last,
                extra);
    }

    /** A field, which one of the parts has, or none. */
    private <T> @Nullable T any(Field<T> field) {
        for (ChangeStreamDocument<RawBsonDocument> part : parts) {
            T found = field.of(part);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** Whether some of an event has come and some is to come. */
    boolean isPending() {
        return !parts.isEmpty();
    }

    /** Whether a place of the stream is within or right behind an event in fragments. */
    boolean isAt(BsonDocument place) {
        return isPending() || place.equals(token);
    }

    /** Forgets what has come: the event is read anew. */
    void clear() {
        parts.clear();
    }
}
