package org.corestack.testkit;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.corestack.errors.CoreException;
import org.corestack.testkit.FaultyProxy.Direction;
import org.corestack.testkit.FaultyProxy.Fault;
import org.jspecify.annotations.Nullable;

/** What is wrong with a proxy at present, shared by its connections. Everything under its own monitor. */
final class FaultState {
    private final Map<Direction, Armed> armed = new EnumMap<>(Direction.class);
    private final Map<Direction, Long> bytes = new EnumMap<>(Direction.class);
    private boolean stalled;
    private boolean refusing;
    private boolean closed;
    private Duration delay = Duration.ZERO;

    /** How many bytes may pass at once, and what happens after them. */
    record Permit(int bytes, @Nullable Fault then) {}

    private record Armed(long left, Fault fault) {}

    synchronized long bytes(Direction direction) {
        return bytes.getOrDefault(direction, 0L);
    }

    synchronized void stall() {
        stalled = true;
    }

    synchronized void refuse() {
        refusing = true;
    }

    synchronized boolean refuses() {
        return refusing;
    }

    synchronized void delay(Duration wanted) {
        if (wanted.isNegative()) {
            throw CoreException.invalidArgument("the delay is " + wanted + "; it must be zero or more");
        }
        delay = wanted;
        notifyAll();
    }

    synchronized void arm(Direction direction, long after, Fault fault) {
        if (after < 0) {
            throw CoreException.invalidArgument(
                    "the fault is armed after " + after + " bytes; it must be zero or more");
        }
        armed.put(direction, new Armed(after, fault));
    }

    synchronized void heal() {
        stalled = false;
        refusing = false;
        delay = Duration.ZERO;
        armed.clear();
        notifyAll();
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /**
     * Waits out a delay and a stall, then says how many of the bytes at hand may pass, and what follows them.
     *
     * @param alive asked while it waits; where it says no there is nothing left to wait for
     */
    synchronized Permit await(Direction direction, int available, Liveness alive) throws InterruptedException {
        long began = System.nanoTime();
        while (!closed && alive.stillOpen()) {
            long left = delay.toNanos() - (System.nanoTime() - began);
            if (!stalled && left <= 0) {
                break;
            }
            // A reset of the connection does not wake this monitor, so it looks again now and then.
            long millis = stalled ? 50 : Math.min(50, TimeUnit.NANOSECONDS.toMillis(left) + 1);
            wait(millis);
        }
        return permit(direction, available);
    }

    private Permit permit(Direction direction, int available) {
        Armed trigger = armed.get(direction);
        if (trigger == null || trigger.left() > available) {
            if (trigger != null) {
                armed.put(direction, new Armed(trigger.left() - available, trigger.fault()));
            }
            bytes.merge(direction, (long) available, Long::sum);
            return new Permit(available, null);
        }
        armed.remove(direction);
        bytes.merge(direction, trigger.left(), Long::sum);
        if (trigger.fault() == Fault.STALL) {
            stalled = true;
        }
        return new Permit((int) trigger.left(), trigger.fault());
    }

    /** Whether a connection is still there. */
    interface Liveness {
        boolean stillOpen();
    }
}
