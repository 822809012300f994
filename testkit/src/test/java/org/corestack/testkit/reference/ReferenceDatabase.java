package org.corestack.testkit.reference;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.WriteResult;
import org.jspecify.annotations.Nullable;

/** Documents and the log of their changes, behind one lock. Thread-safe. */
public final class ReferenceDatabase {
    /** What is known of a change: as in a log on disk, not the document, unless images are kept. */
    record Logged(
            long number,
            String collection,
            Key key,
            Operation operation,
            long version,
            Instant time,
            @Nullable String source,
            @Nullable Images images) {}

    /** The documents before and after a change. */
    record Images(@Nullable Document before, @Nullable Document after) {}

    private final Faults faults = new Faults();
    // all guarded by this
    private final Map<String, ReferenceContent> collections = new TreeMap<>();
    private final Set<String> imaged = new HashSet<>();
    private final Map<String, Set<Key>> spoiled = new HashMap<>();
    private final List<Logged> log = new ArrayList<>();
    /** The number before the first of each transaction that was committed. */
    private final Map<Long, Long> commits = new HashMap<>();

    private String history = UUID.randomUUID().toString();
    private long last;
    private long trimmed;
    private long lastVersion;
    private long lastTransaction;

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

    synchronized WriteResult write(String collection, Write write, String source) {
        expire();
        Instant now = now();
        Document before =
                find(collection, write.key()).map(StoredDocument::document).orElse(null);
        ReferenceContent.Outcome outcome = content(collections, collection).write(write, this::nextVersion, now);
        if (outcome.status() != WriteResult.Status.APPLIED) {
            return WriteResult.refused(outcome.status());
        }
        Images images = new Images(before, document(outcome.after()));
        log(collection, write.key(), outcome.operation(), outcome.version(), source, images);
        return WriteResult.applied(new Written(outcome.version(), position(last)), outcome.after());
    }

    synchronized long nextVersion() {
        return ++lastVersion;
    }

    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    static @Nullable Document document(@Nullable StoredDocument stored) {
        return stored == null ? null : stored.document();
    }

    private void log(
            String collection, Key key, Operation operation, long version, @Nullable String source, Images images) {
        Images kept = imaged.contains(collection) ? images : null;
        log.add(new Logged(++last, collection, key, operation, version, now(), source, kept));
        notifyAll();
    }

    synchronized Optional<StoredDocument> find(String collection, Key key) {
        expire();
        ReferenceContent content = collections.get(collection);
        return content == null ? Optional.empty() : content.find(key);
    }

    synchronized List<StoredDocument> all(String collection) {
        expire();
        ReferenceContent content = collections.get(collection);
        return content == null ? List.of() : content.all();
    }

    synchronized void ensureIndexes(String collection, List<Index> indexes) {
        ReferenceContent content = content(collections, collection);
        indexes.forEach(content::ensure);
        notifyAll();
    }

    synchronized List<Index> indexes(String collection) {
        ReferenceContent content = collections.get(collection);
        return content == null ? List.of() : content.indexes();
    }

    /** Deletes what has expired. A database on disk has a sweeper for that. */
    private void expire() {
        Instant now = now();
        collections.forEach((name, content) -> {
            for (Key key : content.expired(now)) {
                long version = nextVersion();
                Images images = new Images(document(content.find(key).orElse(null)), null);
                content.set(key, null, version);
                log(name, key, Operation.DELETE, version, null, images);
            }
        });
    }

    /** Keeps images of a collection's changes from now on, or no longer. */
    synchronized void keepImages(String collection, boolean keep) {
        if (keep) {
            content(collections, collection);
            imaged.add(collection);
        } else {
            imaged.remove(collection);
        }
    }

    synchronized boolean keepsImages(String collection) {
        return imaged.contains(collection);
    }

    /** Makes a document unreadable to feeds. */
    public synchronized void spoil(String store, String collection, Key key) {
        spoiled.computeIfAbsent(store + "." + collection, name -> new HashSet<>())
                .add(key);
    }

    synchronized boolean isSpoiled(String collection, Key key) {
        return spoiled.getOrDefault(collection, Set.of()).contains(key);
    }

    /** Whether documents can go by themselves. */
    synchronized boolean expires() {
        return collections.values().stream().anyMatch(ReferenceContent::expires);
    }

    synchronized Set<String> names(String prefix) {
        return collections.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The content of a collection, made if it is not there. */
    static ReferenceContent content(Map<String, ReferenceContent> collections, String collection) {
        for (String name : collections.keySet()) {
            if (name.equalsIgnoreCase(collection) && !name.equals(collection)) {
                throw new CoreException(
                        ErrorCode.FAILED_PRECONDITION,
                        collection + " differs from the existing " + name + " in case only; use that name");
            }
        }
        return collections.computeIfAbsent(collection, ReferenceContent::new);
    }

    synchronized long nextTransaction() {
        return ++lastTransaction;
    }

    /** All content as it is, for a transaction. */
    synchronized Map<String, ReferenceContent> copy() {
        expire();
        Map<String, ReferenceContent> copy = new TreeMap<>();
        collections.forEach((name, content) -> copy.put(name, content.copy()));
        return copy;
    }

    /** Lets what a transaction did take effect; CONFLICT if another was first at one of its documents. */
    synchronized void commit(ReferenceWork work) {
        expire();
        Map<String, ReferenceContent> merged = new TreeMap<>();
        for (ReferenceWork.Change change : work.changes()) {
            ReferenceContent live = content(collections, change.collection());
            if (live.version(change.key()) != change.versionBefore()) {
                throw new CoreException(ErrorCode.CONFLICT, "another was first at the document " + change.key());
            }
            merged.computeIfAbsent(change.collection(), name -> live.copy())
                    .set(
                            change.key(),
                            work.find(change.collection(), change.key()).orElse(null),
                            change.version());
        }
        for (ReferenceWork.Change change : work.changes()) {
            ReferenceContent content = content(merged, change.collection());
            content.find(change.key()).ifPresent(stored -> content.checkUnique(stored.key(), stored.document()));
        }
        collections.putAll(merged);
        commits.put(work.number(), last);
        work.changes()
                .forEach(change -> log(
                        change.collection(),
                        change.key(),
                        change.operation(),
                        change.version(),
                        change.source(),
                        change.images()));
    }

    synchronized Position currentPosition() {
        expire();
        return position(last);
    }

    synchronized Position positionAt(Instant time) {
        expire();
        for (Logged logged : log) {
            if (!logged.time().isBefore(time)) {
                return position(logged.number() - 1);
            }
        }
        return position(last);
    }

    /** The log behind a number; null if some of it is trimmed. */
    synchronized @Nullable List<Logged> behind(long number) {
        expire();
        if (number < trimmed) {
            return null;
        }
        return List.copyOf(log.subList((int) Math.min(number - trimmed, log.size()), log.size()));
    }

    synchronized String history() {
        return history;
    }

    synchronized Position position(long number) {
        return new Position(history + ":" + number);
    }

    /** The position of a transaction's change, which has no number before the commit. */
    synchronized Position position(long transaction, int change) {
        return new Position(history + ":" + transaction + "#" + change);
    }

    /** Where a position is in the log; null if it is none of this engine. */
    synchronized @Nullable ReferencePosition place(Position position) {
        return ReferencePosition.of(position, transaction -> commits.getOrDefault(transaction, Long.MAX_VALUE / 2));
    }
}
