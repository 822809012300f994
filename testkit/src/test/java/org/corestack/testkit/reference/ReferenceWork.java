package org.corestack.testkit.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.corestack.document.Change.Operation;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.store.spi.WriteResult;
import org.jspecify.annotations.Nullable;

/** A state of the database at one moment and what is done on top of it, for a transaction. Not thread-safe. */
final class ReferenceWork {
    /** One write that took place here. */
    record Change(
            String collection,
            Key key,
            Operation operation,
            long version,
            long versionBefore,
            String source,
            ReferenceDatabase.Images images) {}

    private final ReferenceDatabase database;
    private final long number;
    private final List<Change> changes = new ArrayList<>();
    private @Nullable Map<String, ReferenceContent> state;

    ReferenceWork(ReferenceDatabase database) {
        this.database = database;
        this.number = database.nextTransaction();
    }

    ReferenceDatabase database() {
        return database;
    }

    long number() {
        return number;
    }

    List<Change> changes() {
        return changes;
    }

    /** The state, which is that before the first operation, and what was done since. */
    private ReferenceContent content(String collection) {
        if (state == null) {
            state = database.copy();
        }
        return ReferenceDatabase.content(state, collection);
    }

    WriteResult write(String collection, Write write, String source) {
        ReferenceContent content = content(collection);
        long before = content.version(write.key());
        StoredDocument was = content.find(write.key()).orElse(null);
        ReferenceContent.Outcome outcome = content.write(write, database::nextVersion, ReferenceDatabase.now());
        if (outcome.status() != WriteResult.Status.APPLIED) {
            return WriteResult.refused(outcome.status());
        }
        long first = changes.stream()
                .filter(change ->
                        change.collection().equals(collection) && change.key().equals(write.key()))
                .map(Change::versionBefore)
                .findFirst()
                .orElse(before);
        ReferenceDatabase.Images images = new ReferenceDatabase.Images(
                ReferenceDatabase.document(was), ReferenceDatabase.document(outcome.after()));
        changes.add(new Change(collection, write.key(), outcome.operation(), outcome.version(), first, source, images));
        return WriteResult.applied(
                new Written(outcome.version(), database.position(number, changes.size())), outcome.after());
    }

    Optional<StoredDocument> find(String collection, Key key) {
        return content(collection).find(key);
    }

    List<StoredDocument> all(String collection) {
        return content(collection).all();
    }
}
