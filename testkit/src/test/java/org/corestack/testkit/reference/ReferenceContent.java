package org.corestack.testkit.reference;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.corestack.document.Change.Operation;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.document.ValueType;
import org.corestack.document.Write;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.WriteResult;
import org.jspecify.annotations.Nullable;

/** The documents of one collection and its indexes. Not thread-safe. */
final class ReferenceContent {
    /** What came of a write: a refusal, or what it did. */
    record Outcome(
            WriteResult.Status status,
            Operation operation,
            long version,
            @Nullable StoredDocument after) {}

    private final String name;
    private final Map<Key, StoredDocument> documents;
    /** The last version of each key that ever was, deleted ones included. */
    private final Map<Key, Long> versions;

    private final Map<String, Index> indexes;

    ReferenceContent(String name) {
        this(name, new TreeMap<>(), new HashMap<>(), new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
    }

    /** {@code documents} in the order of their keys. */
    private ReferenceContent(
            String name, Map<Key, StoredDocument> documents, Map<Key, Long> versions, Map<String, Index> indexes) {
        this.name = name;
        this.documents = documents;
        this.versions = versions;
        this.indexes = indexes;
    }

    /** Another with the same documents, to go its own way. */
    ReferenceContent copy() {
        return new ReferenceContent(name, new TreeMap<>(documents), new HashMap<>(versions), indexes);
    }

    Optional<StoredDocument> find(Key key) {
        return Optional.ofNullable(documents.get(key));
    }

    List<StoredDocument> all() {
        return List.copyOf(documents.values());
    }

    /** The last version of a key, 0 if there never was one. */
    long version(Key key) {
        return versions.getOrDefault(key, 0L);
    }

    Outcome write(Write write, LongSupplier nextVersion, Instant now) {
        StoredDocument current = documents.get(write.key());
        WriteResult.Status refusal = WriteResult.refusal(write, current);
        if (refusal != null) {
            return new Outcome(refusal, Operation.UPDATE, 0, null);
        }
        Document after = write.after(current == null ? null : current.document(), now);
        if (after != null) {
            checkUnique(write.key(), after);
        }
        long version = nextVersion.getAsLong();
        StoredDocument stored = after == null ? null : new StoredDocument(write.key(), after, version);
        set(write.key(), stored, version);
        Operation operation = current == null ? Operation.INSERT : Operation.UPDATE;
        return new Outcome(WriteResult.Status.APPLIED, stored == null ? Operation.DELETE : operation, version, stored);
    }

    /** Sets a document, null for none, without asking whether it may. */
    void set(Key key, @Nullable StoredDocument stored, long version) {
        versions.put(key, version);
        if (stored == null) {
            documents.remove(key);
        } else {
            documents.put(key, stored);
        }
    }

    /** ALREADY_EXISTS, naming the index, if a unique one forbids a document. */
    void checkUnique(Key key, Document document) {
        for (Index index : indexes.values()) {
            if (index.unique() && clashes(index, key, document)) {
                throw new CoreException(
                        ErrorCode.ALREADY_EXISTS,
                        "the document " + key + " of " + name + " has the values of another, which the unique index "
                                + index.name() + " forbids");
            }
        }
    }

    private boolean clashes(Index index, Key key, Document document) {
        Filter same = Filter.all();
        for (FieldPath path : index.paths()) {
            Object value = path.read(key, document);
            if (value == null || !ValueType.of(value).isScalar()) {
                return false;
            }
            same = same.and(Filter.compare(path, Operator.EQ, value));
        }
        for (StoredDocument other : documents.values()) {
            if (!other.key().equals(key) && same.matches(other.key(), other.document())) {
                return true;
            }
        }
        return false;
    }

    void ensure(Index index) {
        for (Index there : indexes.values()) {
            boolean alike = there.named(index.name()).equals(index);
            if (there.name().equals(index.name()) && alike) {
                return;
            }
            if (there.name().equalsIgnoreCase(index.name()) || (there.terms().equals(index.terms()) && !alike)) {
                throw new CoreException(
                        ErrorCode.ALREADY_EXISTS,
                        "the index " + index.name() + " of " + name + " clashes with " + there + ", which is there");
            }
        }
        for (StoredDocument stored : documents.values()) {
            if (index.unique() && clashes(index, stored.key(), stored.document())) {
                throw new CoreException(
                        ErrorCode.FAILED_PRECONDITION,
                        "the unique index " + index.name() + " of " + name + " can't be made: the document "
                                + stored.key() + " has the values of another");
            }
        }
        indexes.put(index.name(), index);
    }

    List<Index> indexes() {
        return List.copyOf(indexes.values());
    }

    /** The keys of documents that have expired. */
    List<Key> expired(Instant now) {
        List<Key> keys = new ArrayList<>();
        for (Index index : indexes.values()) {
            if (index.expireAfter() == null) {
                continue;
            }
            Instant oldest = now.minus(index.expireAfter());
            FieldPath path = index.paths().get(0);
            documents.forEach((key, stored) -> {
                if (path.read(key, stored.document()) instanceof Instant instant
                        && !instant.isAfter(oldest)
                        && !keys.contains(key)) {
                    keys.add(key);
                }
            });
        }
        return keys;
    }

    boolean expires() {
        return indexes.values().stream().anyMatch(index -> index.expireAfter() != null);
    }
}
