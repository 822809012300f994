package org.corestack.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/**
 * What a controller needs of a {@link KeySource}. A subclass says how a key comes, changes and goes at the source.
 *
 * @param <K> the type of the keys
 */
abstract class KeySourceContract<K> {
    private static final Duration SOON = Duration.ofSeconds(10);

    /** The source under test, with no keys in it at the start. */
    abstract KeySource<K> source() throws Exception;

    /** Another key for each number. */
    abstract K key(int number);

    /** Makes the key exist, or changes it if it does. */
    abstract void write(K key) throws Exception;

    abstract void delete(K key) throws Exception;

    /** A sink that remembers the keys it was told. */
    static final class Heard<K> implements KeySink<K> {
        final Set<K> keys = ConcurrentHashMap.newKeySet();

        @Override
        public void changed(K key, long stamp) {
            keys.add(key);
        }

        @Override
        public void relist() {
            throw new AssertionError("nothing was missed");
        }

        @Override
        public void failed(Throwable error) {
            throw new AssertionError("nothing went wrong", error);
        }
    }

    private Set<K> list() throws Exception {
        Set<K> listed = new HashSet<>();
        try (Keys<K> keys = source().keys()) {
            keys.forEachRemaining(listed::add);
            keys.close();
        }
        return listed;
    }

    @Test
    void theListHasTheKeysThatAreThere() throws Exception {
        assertThat(list()).isEmpty();
        write(key(1));
        write(key(2));
        write(key(3));
        delete(key(2));
        assertThat(list()).isEqualTo(Set.of(key(1), key(3)));
    }

    @Test
    void everyKindOfChangeIsReported() throws Exception {
        write(key(1));
        Heard<K> heard = new Heard<>();
        KeySubscription subscription = source().subscribe(heard);
        for (int i = 0; i < 3; i++) {
            write(key(2)); // Comes, and changes then.
            await().atMost(SOON).until(() -> heard.keys.contains(key(2)));
            heard.keys.remove(key(2));
        }
        delete(key(1));
        await().atMost(SOON).until(() -> heard.keys.contains(key(1)));
        subscription.close();
        subscription.close();
    }

    @Test
    void nothingFallsBetweenSubscriptionAndList() throws Exception {
        for (int round = 0; round < 20; round++) {
            int base = round * 1_000;
            Thread writer = new Thread(() -> {
                for (int i = 0; i < 100; i++) {
                    try {
                        write(key(base + i));
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }
            });
            writer.start();
            Heard<K> heard = new Heard<>();
            try (KeySubscription subscription = source().subscribe(heard)) {
                Set<K> listed = list();
                writer.join();
                await().atMost(SOON).untilAsserted(() -> {
                    for (int i = 0; i < 100; i++) {
                        K key = key(base + i);
                        assertThat(listed.contains(key) || heard.keys.contains(key))
                                .as("%s was listed or reported", key)
                                .isTrue();
                    }
                });
            }
        }
    }

    @Test
    void subscriptionsDoNotShareTheirEnd() throws Exception {
        Heard<K> first = new Heard<>();
        Heard<K> second = new Heard<>();
        KeySubscription ended = source().subscribe(first);
        try (KeySubscription goesOn = source().subscribe(second)) {
            ended.close();
            write(key(1));
            await().atMost(SOON).until(() -> second.keys.contains(key(1)));
        }
        assertThat(first.keys).isEmpty();
    }
}
