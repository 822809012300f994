package org.corestack.testkit.reference;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.corestack.document.Change.Operation;
import org.corestack.document.Document;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.StoredDocument;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.WriteResult;
import org.jspecify.annotations.Nullable;

/** Documents and the log of their changes, behind one lock. Thread-safe. */
public final class ReferenceDatabase {
    /** What is known of a change: as in a log on disk, not the document. */
    record Logged(long number, String collection, Key key, Operation operation, Instant time, String source) {}

    /** A write before it is done: whether it applies, and what the document becomes, null where it is deleted. */
    interface Attempt {
        WriteResult.Status judge(@Nullable StoredDocument current);

        @Nullable
        Document after(@Nullable StoredDocument current);
    }

    /** The documents of one collection and its indexes. */
    private static final class Content {
        private final TreeMap<Key, StoredDocument> documents = new TreeMap<>();
        private final Map<String, Index> indexes = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    }

    private final Faults faults = new Faults();
    // all guarded by this
    private final Map<String, Content> collections = new TreeMap<>();
    private final List<Logged> log = new ArrayList<>();
    private String history = UUID.randomUUID().toString();
    private long last;
    private long trimmed;

    /** What is to go wrong. */
    public Faults faults() {
        return faults;
    }

    /** Forgets the changes so far: readers that have not read them are lost. */
    public synchronized void trim() {
        log.clear();
        trimmed = last;
        notifyAll();
    }

    /** Becomes another database, as by a restore: positions so far mean nothing any more. */
    public synchronized void restore() {
        history = UUID.randomUUID().toString();
        notifyAll();
    }

    /** Wakes the readers that wait. */
    synchronized void wake() {
        notifyAll();
    }

    synchronized WriteResult write(String collection, Key key, String source, Attempt attempt) {
        Content content = content(collection);
        StoredDocument current = content.documents.get(key);
        WriteResult.Status status = attempt.judge(current);
        if (status != WriteResult.Status.APPLIED) {
            return WriteResult.refused(status);
        }
        Document after = attempt.after(current);
        last++;
        Operation operation = Operation.UPDATE;
        if (after == null) {
            content.documents.remove(key);
            operation = Operation.DELETE;
        } else {
            content.documents.put(key, new StoredDocument(key, after, last));
            operation = current == null ? Operation.INSERT : Operation.UPDATE;
        }
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        log.add(new Logged(last, collection, key, operation, now, source));
        notifyAll();
        return WriteResult.applied(new Written(last, position(last)));
    }

    synchronized Optional<StoredDocument> find(String collection, Key key) {
        Content content = collections.get(collection);
        return content == null ? Optional.empty() : Optional.ofNullable(content.documents.get(key));
    }

    synchronized List<StoredDocument> all(String collection) {
        Content content = collections.get(collection);
        return content == null ? List.of() : List.copyOf(content.documents.values());
    }

    synchronized void ensureIndex(String collection, Index index) {
        Index there = content(collection).indexes.putIfAbsent(index.name(), index);
        if (there != null && !there.equals(index)) {
            throw new CoreException(
                    ErrorCode.ALREADY_EXISTS,
                    "the index " + index.name() + " of " + collection + " is on " + there.path() + " already");
        }
    }

    synchronized Set<String> names(String prefix) {
        return collections.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private Content content(String collection) {
        for (String name : collections.keySet()) {
            if (name.equalsIgnoreCase(collection) && !name.equals(collection)) {
                throw new CoreException(
                        ErrorCode.FAILED_PRECONDITION,
                        collection + " differs from the existing " + name + " in case only; use that name");
            }
        }
        return collections.computeIfAbsent(collection, name -> new Content());
    }

    synchronized Position now() {
        return position(last);
    }

    /** The log behind a number; null if some of it is trimmed. */
    synchronized @Nullable List<Logged> behind(long number) {
        if (number < trimmed) {
            return null;
        }
        return List.copyOf(log.subList((int) (number - trimmed), log.size()));
    }

    synchronized String history() {
        return history;
    }

    synchronized Position position(long number) {
        return new Position(history + ":" + number);
    }
}
