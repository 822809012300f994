package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.WriteResult;
import org.jspecify.annotations.Nullable;

/** What a collection with a unique index should hold, by the meaning of each write. Not thread-safe. */
final class Model {
    /** What a write should come to: an error, or the document after it, null for none. */
    record Expected(@Nullable ErrorCode error, @Nullable Document after) {}

    private final Map<Key, StoredDocument> documents = new TreeMap<>();
    private final FieldPath unique;

    Model(FieldPath unique) {
        this.unique = unique;
    }

    /** Another with the same documents. */
    Model copy() {
        Model copy = new Model(unique);
        copy.documents.putAll(documents);
        return copy;
    }

    /** The documents in the order of their keys. */
    Map<Key, StoredDocument> documents() {
        return documents;
    }

    @Nullable
    StoredDocument get(Key key) {
        return documents.get(key);
    }

    /** What a write should come to, the server's time being this. */
    Expected expect(Write write, Instant serverTime) {
        StoredDocument stored = documents.get(write.key());
        WriteResult.Status refusal = WriteResult.refusal(write, stored);
        if (refusal != null) {
            return new Expected(ErrorCode.valueOf(refusal.name()), null);
        }
        try {
            Document after = write.after(stored == null ? null : stored.document(), serverTime);
            return after != null && clashes(write.key(), after)
                    ? new Expected(ErrorCode.ALREADY_EXISTS, null)
                    : new Expected(null, after);
        } catch (CoreException e) {
            return new Expected(e.code(), null);
        }
    }

    private boolean clashes(Key key, Document after) {
        Object value = unique.read(key, after);
        Filter same = Filter.compare(unique, Operator.EQ, value);
        return value != null
                && documents.values().stream()
                        .anyMatch(other -> !other.key().equals(key) && same.matches(other.key(), other.document()));
    }

    /** Keeps what a write came to. */
    void keep(Key key, @Nullable Document after, long version) {
        if (after == null) {
            documents.remove(key);
        } else {
            documents.put(key, new StoredDocument(key, after, version));
        }
    }

    /**
     * The time that the server took for a write, read from the document after it; any time where it needed none.
     *
     * @param before the document before it
     * @param after the document after it
     */
    static Instant serverTime(Write write, @Nullable Document before, Document after) {
        if (!(write instanceof Write.Apply apply)) {
            return Instant.EPOCH;
        }
        for (Patch.Step step : apply.patch().steps()) {
            if (step instanceof Patch.ServerTime && step.path().read(apply.key(), after) instanceof Instant instant) {
                return near(instant);
            }
        }
        for (Patch.Step step : apply.patch().steps()) {
            if (step instanceof Patch.Advance && step.path().read(apply.key(), after) instanceof Long value) {
                boolean more = before != null
                        && step.path().read(apply.key(), before) instanceof Number number
                        && number.longValue() + 1 == value;
                return more ? Instant.EPOCH : near(Instant.ofEpochMilli(value));
            }
        }
        return Instant.EPOCH;
    }

    private static Instant near(Instant time) {
        Instant now = Instant.now();
        assertThat(time).isBetween(now.minus(Duration.ofHours(1)), now.plus(Duration.ofHours(1)));
        return time;
    }
}
