package org.corestack.cli.replicate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.BulkResult;
import org.corestack.store.StoreCollection;
import org.jspecify.annotations.Nullable;

/**
 * Writes into a copy, a batch at a time. Whatever it does can be done again. Not thread-safe.
 *
 * <p>A unique index of the copy can forbid for a while what the source allows: two documents have exchanged their values,
 * and only one of them is written yet. Such documents are held back and written with later batches; meanwhile nothing may
 * be taken for done.
 */
final class CopyWriter {
    private static final int ROUNDS = 10;
    private static final int MOST_HELD = 1_000;

    private final StoreCollection to;
    private final String path;
    private Map<Key, @Nullable Document> held = new LinkedHashMap<>();

    CopyWriter(StoreCollection to, String path) {
        this.to = to;
        this.path = path;
    }

    /** Whether documents wait for others. */
    boolean holdsBack() {
        return !held.isEmpty();
    }

    /** Tries once more what was held back; throws if it still can't be written. */
    void settleHeld() {
        if (!held.isEmpty()) {
            Map<Key, CoreException> clashes = write(held);
            if (!clashes.isEmpty()) {
                throw clashes.values().iterator().next();
            }
            held = new LinkedHashMap<>();
        }
    }

    /** Writes documents of which none is thought to be there. */
    void insert(List<StoredDocument> documents) {
        List<Write> writes = new ArrayList<>();
        documents.forEach(document -> writes.add(new Write.Insert(document.key(), document.document())));
        Map<Key, @Nullable Document> again = new LinkedHashMap<>();
        List<BulkResult> results = to.writeAll(writes);
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i) instanceof BulkResult.Failed failed) {
                if (failed.error().code() != ErrorCode.ALREADY_EXISTS) {
                    throw wrapped(failed.error());
                }
                again.put(documents.get(i).key(), documents.get(i).document());
            }
        }
        if (!again.isEmpty()) {
            settle(again);
        }
    }

    /**
     * Makes documents of the copy what they are wanted to be, null for none.
     *
     * @throws CoreException if one can't be written; it is safe to try all of them again
     */
    void settle(Map<Key, @Nullable Document> wanted) {
        Map<Key, @Nullable Document> all = new LinkedHashMap<>(held);
        all.putAll(wanted);
        Map<Key, CoreException> clashes = write(all);
        Map<Key, @Nullable Document> left = new LinkedHashMap<>();
        clashes.keySet().forEach(key -> left.put(key, all.get(key)));
        if (left.size() > MOST_HELD) {
            throw clashes.values().iterator().next();
        }
        held = left;
    }

    /** Gives what a unique index forbids, be it that all of these are first taken out of each other's way. */
    private Map<Key, CoreException> write(Map<Key, @Nullable Document> wanted) {
        Map<Key, CoreException> clashes = attempt(wanted);
        if (clashes.isEmpty()) {
            return clashes;
        }
        Map<Key, @Nullable Document> without = new LinkedHashMap<>();
        Map<Key, @Nullable Document> with = new LinkedHashMap<>();
        for (Key key : clashes.keySet()) {
            without.put(key, null);
            with.put(key, wanted.get(key));
        }
        attempt(without);
        return attempt(with);
    }

    private Map<Key, CoreException> attempt(Map<Key, @Nullable Document> wanted) {
        Map<Key, CoreException> clashes = new LinkedHashMap<>();
        Set<Key> insertedBefore = new HashSet<>();
        Set<Key> left = new LinkedHashSet<>(wanted.keySet());
        for (int round = 0; !left.isEmpty() && round < ROUNDS; round++) {
            List<Write> writes = writes(wanted, left);
            left.clear();
            if (writes.isEmpty()) {
                break;
            }
            List<BulkResult> results = to.writeAll(writes);
            for (int i = 0; i < results.size(); i++) {
                if (results.get(i) instanceof BulkResult.Failed failed) {
                    Write write = writes.get(i);
                    ErrorCode code = failed.error().code();
                    if (code == ErrorCode.ALREADY_EXISTS
                            && (write instanceof Write.Replace || !insertedBefore.add(write.key()))) {
                        clashes.put(write.key(), wrapped(failed.error()));
                    } else if (code == ErrorCode.ALREADY_EXISTS || code == ErrorCode.NOT_FOUND) {
                        left.add(write.key()); // somebody else was here in between
                    } else {
                        throw wrapped(failed.error());
                    }
                }
            }
        }
        if (!left.isEmpty()) {
            throw new CoreException(
                    ErrorCode.CONFLICT,
                    "the copy of " + path + " can't be written: somebody else writes the same documents into it");
        }
        return clashes;
    }

    /** What is to be done for some keys, as the copy is now. */
    private List<Write> writes(Map<Key, @Nullable Document> wanted, Set<Key> keys) {
        Map<Key, StoredDocument> there = new HashMap<>(Pair.read(to, keys));
        List<Write> writes = new ArrayList<>();
        for (Key key : keys) {
            StoredDocument is = there.get(key);
            Document document = wanted.get(key);
            if (document == null) {
                if (is != null) {
                    writes.add(new Write.Delete(key, Condition.none()));
                }
            } else if (is == null) {
                writes.add(new Write.Insert(key, document));
            } else if (!is.document().equals(document)) {
                writes.add(new Write.Replace(key, document, Condition.none()));
            }
        }
        return writes;
    }

    private CoreException wrapped(CoreException error) {
        return CoreException.wrap("the copy of " + path + " can't be written: " + error.getMessage(), error);
    }
}
