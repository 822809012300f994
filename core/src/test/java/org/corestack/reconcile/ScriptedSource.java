package org.corestack.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** A source in memory that does what a test wants at the moments that matter, and remembers what was asked of it. */
final class ScriptedSource implements KeySource<String> {
    final MemorySource<String> memory = new MemorySource<>();
    /** "subscribe", "list" and "close", as they came. */
    final List<String> calls = new ArrayList<>();
    /** Called before a subscription is made, after the keys of a list are settled, and between the keys of a list. */
    Callable<?> onSubscribe = () -> null;

    Callable<?> onListed = () -> null;
    Callable<?> onNext = () -> null;

    KeySink<String> sink;
    /** Whether all entries have gone without a change, as in a gap of the feed. */
    boolean gone;

    @Override
    public Keys<String> keys() throws Exception {
        calls.add("list");
        Keys<String> keys = gone ? Keys.of(List.of()) : memory.keys();
        onListed.call();
        return new Keys<>() {
            @Override
            public boolean hasNext() {
                return keys.hasNext();
            }

            @Override
            public String next() {
                try {
                    onNext.call();
                } catch (Exception e) {
                    throw new IllegalStateException(e.getMessage(), e);
                }
                return keys.next();
            }

            @Override
            public void close() {
                keys.close();
            }
        };
    }

    @Override
    public KeySubscription subscribe(KeySink<String> subscriber) throws Exception {
        calls.add("subscribe");
        onSubscribe.call();
        sink = subscriber;
        KeySubscription subscription = memory.subscribe(subscriber);
        return () -> {
            calls.add("close");
            subscription.close();
        };
    }

    @Override
    public String toString() {
        return "scripted";
    }

    /** Something that fails so many times, and then goes well. */
    static Callable<?> failing(int times) {
        int[] left = {times};
        return () -> {
            if (left[0]-- > 0) {
                throw new java.io.IOException("not now");
            }
            return null;
        };
    }
}
