package org.corestack.cli.replicate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.store.StoreCollection;
import org.jspecify.annotations.Nullable;

/**
 * Compares a collection with its copy: first by number and checksum, and where these differ document by document. As
 * others may go on writing at the source, a document counts as a mismatch only if it stood still there while the changes
 * until then were written, and yet the copy has another.
 */
final class Verification {
    private static final int MOST_DOUBTS = 10_000;
    private static final int ROUNDS = 20;

    private final Pair pair;
    private final Patience patience;
    private final Runnable catchUp;

    /**
     * A verification.
     *
     * @param catchUp returns once all is written that the source had confirmed before the call
     */
    Verification(Pair pair, Patience patience, Runnable catchUp) {
        this.pair = pair;
        this.patience = patience;
        this.catchUp = catchUp;
    }

    /**
     * What came of it.
     *
     * @param path the collection
     * @param documents how many the copy has
     * @param checksum the copy's checksum
     * @param mismatches the keys of documents that differ, are missing, or are too many
     * @param changing how many documents changed each time they were looked at
     */
    record Result(String path, long documents, String checksum, List<Key> mismatches, int changing) {}

    Result run() {
        Checksum source = patience.until(() -> sum(pair.from()));
        Checksum copy = patience.until(() -> sum(pair.to()));
        if (source.agrees(copy)) {
            return new Result(pair.path(), copy.count(), copy.toString(), List.of(), 0);
        }
        Set<Key> doubts = patience.until(this::doubts);
        List<Key> mismatches = new ArrayList<>();
        for (int round = 0; !doubts.isEmpty() && round < ROUNDS; round++) {
            doubts = examine(doubts, mismatches);
        }
        Checksum last = patience.until(() -> sum(pair.to()));
        return new Result(pair.path(), last.count(), last.toString(), mismatches, doubts.size());
    }

    private static Checksum sum(StoreCollection collection) {
        Checksum sum = new Checksum();
        try (Stream<StoredDocument> all = collection.stream(Filter.all(), FindOptions.ofDefaults())) {
            all.forEach(sum::add);
        }
        return sum;
    }

    /** The keys of documents that are not the same on both sides; not all of them where they are very many. */
    private Set<Key> doubts() {
        Set<Key> doubts = new LinkedHashSet<>();
        try (Stream<StoredDocument> all = pair.from().stream(Filter.all(), FindOptions.ofDefaults())) {
            Batches.documents(all.iterator(), batch -> {
                Map<Key, StoredDocument> there = Pair.read(
                        pair.to(), batch.stream().map(StoredDocument::key).toList());
                batch.stream()
                        .filter(document -> !Pair.same(document, there.get(document.key())))
                        .limit(MOST_DOUBTS - doubts.size())
                        .forEach(document -> doubts.add(document.key()));
            });
        }
        Batches.small(Pair.keys(pair.to()), keys -> {
            Set<Key> extra = new LinkedHashSet<>(keys);
            extra.removeAll(Set.copyOf(Pair.keys(pair.from(), keys)));
            extra.stream().limit(Math.max(0, MOST_DOUBTS - doubts.size())).forEach(doubts::add);
        });
        return doubts;
    }

    /** Sorts out which of the doubtful ones are mismatches; gives those that changed meanwhile. */
    private Set<Key> examine(Set<Key> doubts, List<Key> mismatches) {
        List<Index> indexes = patience.until(() -> pair.from().indexes());
        Set<Key> changing = new LinkedHashSet<>();
        List<Key> all = new ArrayList<>(doubts);
        for (int at = 0; at < all.size(); at += Batches.MOST) {
            Collection<Key> keys = all.subList(at, Math.min(all.size(), at + Batches.MOST));
            Map<Key, StoredDocument> before = patience.until(() -> Pair.read(pair.from(), keys));
            catchUp.run();
            Map<Key, StoredDocument> copy = patience.until(() -> Pair.read(pair.to(), keys));
            Map<Key, StoredDocument> after = patience.until(() -> Pair.read(pair.from(), keys));
            for (Key key : keys) {
                StoredDocument is = copy.get(key);
                StoredDocument shouldBe = after.get(key);
                if (Pair.same(is, shouldBe)) {
                    continue;
                }
                if (!Pair.same(before.get(key), shouldBe)) {
                    changing.add(key);
                } else if (!(isExpired(is, indexes) || isExpired(shouldBe, indexes))) {
                    mismatches.add(key);
                }
            }
        }
        return changing;
    }

    /** Whether the document may go on one side sooner than on the other, as an index lets it expire. */
    private static boolean isExpired(@Nullable StoredDocument document, List<Index> indexes) {
        Instant now = Instant.now();
        return document != null
                && indexes.stream()
                        .anyMatch(index -> index.expireAfter() != null
                                && index.paths().get(0).read(document.key(), document.document()) instanceof Instant at
                                && !at.plus(index.expireAfter()).isAfter(now));
    }
}
