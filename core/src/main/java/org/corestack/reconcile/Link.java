package org.corestack.reconcile;

import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/** One subscription of a source, and the sink that it was given. Once broken or closed it lets nothing through. */
final class Link<K> implements KeySink<K> {
    private final Feed<K> feed;
    private final Shell<K> shell;
    private final KeySource<K> source;
    private volatile boolean closed;
    private volatile @Nullable Throwable broken;
    private volatile @Nullable KeySubscription subscription;

    Link(Feed<K> feed, Shell<K> shell, KeySource<K> source) {
        this.feed = feed;
        this.shell = shell;
        this.source = source;
    }

    @Override
    public void changed(K key, long stamp) {
        if (!isOpen()) {
            return;
        }
        try {
            K checked = checked(source, key);
            shell.step((queue, now) -> queue.changed(checked, stamp, now));
        } catch (Throwable error) {
            // A key that is null or can't be hashed. The feed must not suffer, but it must not stay unsaid either.
            failed(error);
        }
    }

    @Override
    public void relist() {
        if (isOpen()) {
            feed.relist();
        }
    }

    @Override
    @SuppressWarnings("ConstantConditions") // A source that is not checked for null-safety may say null.
    public void failed(Throwable error) {
        if (isOpen()) {
            broken = error == null ? new CoreException(ErrorCode.UNKNOWN, "no error given") : error;
            feed.ring();
        }
    }

    void open(KeySubscription opened) {
        if (opened == null) {
            throw new NullPointerException("source " + source + " returned null for a subscription");
        }
        subscription = opened;
    }

    boolean isOpen() {
        return !closed && broken == null;
    }

    /** Whether it can be relied on: it is open, and the source has said that it reports. */
    boolean isEstablished() {
        return isOpen() && subscription != null;
    }

    void throwIfBroken() throws Throwable {
        Throwable error = broken;
        if (error != null) {
            throw error;
        }
    }

    void close() {
        closed = true;
        KeySubscription opened = subscription;
        if (opened != null) {
            opened.close();
        }
    }

    static <K> K checked(KeySource<K> source, @Nullable K key) {
        if (key == null) {
            throw CoreException.invalidArgument("source " + source + " reported null for a key");
        }
        return key;
    }
}
