package org.corestack.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A listener that remembers what it heard. */
final class Recorder<K> implements ControllerListener<K> {
    final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    final Queue<ParkedKey<K>> parked = new ConcurrentLinkedQueue<>();
    final Queue<Throwable> sourceFailures = new ConcurrentLinkedQueue<>();
    final Queue<List<K>> left = new ConcurrentLinkedQueue<>();

    @Override
    public void onFailed(K key, int attempt, Throwable error, Duration retryIn) {
        failures.add(error);
    }

    @Override
    public void onParked(ParkedKey<K> key) {
        parked.add(key);
    }

    @Override
    public void onSourceFailed(KeySource<K> source, Throwable error, Duration retryIn) {
        sourceFailures.add(error);
    }

    @Override
    public void onLeftAtClose(List<K> keys) {
        left.add(keys);
    }
}
