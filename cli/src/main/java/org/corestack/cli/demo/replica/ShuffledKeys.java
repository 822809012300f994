package org.corestack.cli.demo.replica;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.corestack.reconcile.KeySink;
import org.corestack.reconcile.KeySource;
import org.corestack.reconcile.KeySubscription;
import org.corestack.reconcile.Keys;

/**
 * The keys of another source in an order of this replica's own, so that replicas which know nothing of each other seldom
 * work on the same key.
 */
final class ShuffledKeys<K> implements KeySource<K> {
    private final KeySource<K> source;
    private final long seed;

    ShuffledKeys(KeySource<K> source, long seed) {
        this.source = source;
        this.seed = seed;
    }

    @Override
    public Keys<K> keys() throws Exception {
        List<K> keys = new ArrayList<>();
        try (Keys<K> listed = source.keys()) {
            listed.forEachRemaining(keys::add);
        }
        Collections.shuffle(keys, new Random(seed));
        return Keys.of(keys);
    }

    @Override
    public KeySubscription subscribe(KeySink<K> sink) throws Exception {
        return source.subscribe(sink);
    }

    @Override
    public String toString() {
        return source + " shuffled by " + seed;
    }
}
