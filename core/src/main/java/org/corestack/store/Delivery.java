package org.corestack.store;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.corestack.document.Change;
import org.corestack.document.Change.Operation;
import org.corestack.document.Document;
import org.corestack.document.Filter;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.ChangeReader.CollectionChange;
import org.corestack.store.spi.ChangeReader.Content;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives one watch's changes to its listener: filtered, and again where it throws. One thread, but {@link #wake}. */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final String path;
    private final WatchOptions options;
    private final WatchListener listener;
    private final CountDownLatch closing;
    private volatile @Nullable WatchBuffer buffer;

    Delivery(String path, WatchOptions options, WatchListener listener, CountDownLatch closing) {
        this.path = path;
        this.options = options;
        this.listener = listener;
        this.closing = closing;
    }

    /** The buffer that the watch waits at, for {@link #wake}. */
    void buffer(WatchBuffer current) {
        buffer = current;
    }

    /** Ends a wait for the buffer. */
    void wake() {
        WatchBuffer current = buffer;
        if (current != null) {
            current.detach();
        }
    }

    /** What a watch has to read of the changes. */
    static Content content(WatchOptions options) {
        if (options.exactImages()) {
            return Content.IMAGES;
        }
        return options.keysOnly() && options.filter().equals(Filter.all()) ? Content.KEYS : Content.LATEST;
    }

    /**
     * What a watcher with a filter hears of a change; null if nothing. The filter is judged on the document as the
     * change shows it, never on an older one. What does not match now, or is gone since, may have matched before:
     * LEFT; but for an insert, before which there was nothing. With exact images it is known whether it has matched.
     */
    static @Nullable Change judge(Change change, WatchOptions options) {
        Filter filter = options.filter();
        boolean deleted = change.operation() == Operation.DELETE;
        boolean matched = !options.exactImages() || matches(change, change.before(), filter);
        boolean matches = matches(change, change.document(), filter) || (deleted && matched);
        if (!matches && (!matched || deleted || change.operation() == Operation.INSERT)) {
            return null;
        }
        boolean bare = options.keysOnly() || !matches;
        boolean before = options.exactImages() && !options.keysOnly();
        if (matches && !(bare && change.document() != null) && (before || change.before() == null)) {
            return change;
        }
        return new Change(
                change.key(),
                matches ? change.operation() : Operation.LEFT,
                before ? change.before() : null,
                bare ? null : change.document(),
                change.version(),
                change.time(),
                change.source(),
                change.position());
    }

    private static boolean matches(Change change, @Nullable Document document, Filter filter) {
        return filter.equals(Filter.all()) || (document != null && filter.matches(change.key(), document));
    }

    /**
     * Delivers a change, again and again where the listener throws. One whose document can't be read is not delivered to
     * who wants the document: it would look as if there were none.
     *
     * @return whether the listener took it; not where it is none of its business or was skipped
     */
    boolean change(CollectionChange given) throws InterruptedException, Watch.Stopped {
        Change change = given.change();
        CoreException unreadable = given.unreadable();
        if (unreadable != null && content(options) != Content.KEYS) {
            giveUp(
                    "the document of " + change.key() + " in " + path + " can't be read; the change is " + ending(),
                    unreadable);
            return false;
        }
        Change judged = judge(change, options);
        if (judged == null) {
            return false;
        }
        RetryDelay delay = new RetryDelay(Duration.ofMillis(100), Duration.ofSeconds(5));
        for (int attempt = 1; ; attempt++) {
            try {
                listener.onChange(judged);
                dropStrayInterrupt();
                return true;
            } catch (Exception | Error e) {
                dropStrayInterrupt();
                giveUpAfterLast(judged, attempt, e);
                if (attempt == options.attempts()) {
                    return false;
                }
                if (closing.await(delay.next().toNanos(), TimeUnit.NANOSECONDS)) {
                    throw new InterruptedException("closing");
                }
            }
        }
    }

    private void giveUpAfterLast(Change change, int attempt, Throwable error)
            throws InterruptedException, Watch.Stopped {
        if (closing.getCount() == 0) {
            InterruptedException ended = new InterruptedException("closing");
            ended.initCause(error);
            throw ended;
        }
        boolean last = attempt == options.attempts();
        String what = "the listener of " + path + " threw on the change of " + change.key() + " (attempt " + attempt
                + " of " + options.attempts() + "); it is ";
        if (last) {
            giveUp(what + ending(), error);
        } else {
            failure(new CoreException(ErrorCode.of(error), what + "delivered again", error));
        }
    }

    private String ending() {
        return stops() ? "not delivered: the watch stops" : "skipped";
    }

    private void giveUp(String what, Throwable error) throws Watch.Stopped {
        CoreException failure = new CoreException(ErrorCode.of(error), what, error);
        failure(failure);
        if (stops()) {
            call("onStopped", () -> listener.onStopped(failure));
            throw new Watch.Stopped();
        }
    }

    private boolean stops() {
        return options.afterAttempts() == WatchOptions.Poison.STOP;
    }

    void bookmark(Position position) {
        call("onBookmark", () -> listener.onBookmark(position));
    }

    void resync(Resync resync) {
        LOG.warn("the watch of {} ends, it can't continue: {}", path, resync);
        call("onResync", () -> listener.onResync(resync));
    }

    private void failure(CoreException failure) {
        LOG.warn("{}", failure.getMessage(), failure);
        tell(failure);
    }

    /** Tells the listener of a failure that has been logged. */
    void tell(CoreException failure) {
        call("onFailure", () -> listener.onFailure(failure));
    }

    /** A listener that leaves its thread interrupted must not end a wait of the watch; only closing does. */
    private void dropStrayInterrupt() {
        if (closing.getCount() > 0 && Thread.interrupted()) {
            LOG.debug("the listener of {} left its thread interrupted; the watch goes on", path);
        }
    }

    private interface Call {
        void run() throws Exception;
    }

    private void call(String what, Call call) {
        try {
            call.run();
        } catch (Exception | Error e) {
            LOG.warn("the listener of {} threw from {}", path, what, e);
        } finally {
            dropStrayInterrupt();
        }
    }
}
