package org.corestack.cli.replicate;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.corestack.errors.CoreException;
import org.corestack.store.Store;
import org.corestack.store.StoreClient;
import org.jspecify.annotations.Nullable;

/**
 * Which collections are to be copied.
 *
 * @param store the one store, null for all
 * @param collections the names of those to be copied, empty for all
 */
record Choice(@Nullable String store, Set<String> collections) {
    /** Copies the set. */
    Choice {
        collections = Set.copyOf(collections);
    }

    /**
     * What there is of it now, in the order of names.
     *
     * @throws CoreException INVALID_ARGUMENT if something that is named is not there, or there is nothing
     */
    List<Pair> find(StoreClient from, StoreClient to) {
        Set<String> stores = new TreeSet<>(from.stores());
        if (store != null && !stores.contains(store)) {
            throw CoreException.invalidArgument("the source has no store '" + store + "'"
                    + (stores.isEmpty() ? ": it has none" : "; it has " + String.join(", ", stores)));
        }
        List<Pair> pairs = new ArrayList<>();
        Set<String> missing = new LinkedHashSet<>(new TreeSet<>(collections));
        Set<String> known = new TreeSet<>();
        for (String name : store == null ? stores : Set.of(store)) {
            Store source = from.store(name);
            for (String collection : new TreeSet<>(source.collections())) {
                if (collection.equals(Ledger.NAME)) {
                    continue;
                }
                known.add(collection);
                missing.remove(collection);
                if (collections.isEmpty() || collections.contains(collection)) {
                    pairs.add(new Pair(
                            name, source.collection(collection), to.store(name).collection(collection)));
                }
            }
        }
        if (missing.contains(Ledger.NAME)) {
            throw CoreException.invalidArgument(
                    "the collection " + Ledger.NAME + " is where copies keep their positions; it can't be copied");
        }
        if (!missing.isEmpty()) {
            throw CoreException.invalidArgument("the source has no collection '" + String.join("', '", missing) + "'"
                    + (known.isEmpty() ? "" : "; it has " + String.join(", ", known)));
        }
        if (pairs.isEmpty()) {
            throw CoreException.invalidArgument(
                    "the source has no collections" + (store == null ? "" : " in the store '" + store + "'"));
        }
        return pairs;
    }
}
