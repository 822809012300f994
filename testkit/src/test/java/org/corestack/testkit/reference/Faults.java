package org.corestack.testkit.reference;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/** What is to go wrong in a database. Thread-safe; without a word nothing does. */
public final class Faults {
    private final AtomicInteger readsToFail = new AtomicInteger();
    private final AtomicInteger writesToFail = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger readers = new AtomicInteger();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger stalled = new AtomicInteger();
    private volatile @Nullable Supplier<CoreException> readError;
    private volatile @Nullable Supplier<CoreException> writeError;
    private volatile @Nullable CountDownLatch stall;

    Faults() {}

    /** Lets the next reads of feeds fail, of whichever reader. */
    public void failReads(int count, Supplier<CoreException> error) {
        readError = error;
        readsToFail.set(count);
    }

    /** Lets the next writes fail before they have done anything. */
    public void failWrites(int count, Supplier<CoreException> error) {
        writeError = error;
        writesToFail.set(count);
    }

    /** Holds every read of a feed, as a peer that is silent does, until the latch opens or the reader is closed. */
    public void stallReads(CountDownLatch until) {
        stall = until;
    }

    /** How many reads are held at present. */
    public int stalled() {
        return stalled.get();
    }

    /** How many reads of feeds have begun. */
    public int reads() {
        return reads.get();
    }

    /** How many readers have been opened so far. */
    public int opened() {
        return opened.get();
    }

    /** How many readers are open. */
    public int readers() {
        return readers.get();
    }

    void readerOpened() {
        opened.incrementAndGet();
        readers.incrementAndGet();
    }

    void readerClosed() {
        readers.decrementAndGet();
    }

    /** Returns once nothing holds reads, or the reader has ended. */
    void awaitEndOfStall(BooleanSupplier ended) throws InterruptedException {
        CountDownLatch until = stall;
        if (until == null) {
            return;
        }
        stalled.incrementAndGet();
        try {
            while (!ended.getAsBoolean() && !until.await(5, TimeUnit.MILLISECONDS)) {
                continue;
            }
        } finally {
            stalled.decrementAndGet();
        }
    }

    void beforeRead() {
        reads.incrementAndGet();
        fail(readsToFail, readError);
    }

    void beforeWrite() {
        fail(writesToFail, writeError);
    }

    private static void fail(AtomicInteger left, @Nullable Supplier<CoreException> error) {
        if (error != null && left.getAndUpdate(count -> Math.max(0, count - 1)) > 0) {
            throw error.get();
        }
    }
}
