package org.corestack.testkit;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves a thread of the library behind, one named {@code corestack-…} that was not there before it.
 *
 * <p>Threads may take 5 s to end after the test and its own clean-up. For use with {@code @ExtendWith}; tests of one JVM
 * must then run one after another.
 */
public final class NoThreadsLeft implements BeforeEachCallback, AfterEachCallback {
    private static final String PREFIX = "corestack-";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** An extension, as JUnit makes it. */
    public NoThreadsLeft() {}

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(namespace(context)).put("before", threads());
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        check(context.getStore(namespace(context)).getOrDefault("before", Set.class, Set.of()), PATIENCE);
    }

    /** Fails if there are threads of the library that were not there before, and that do not end in time. */
    static void check(Set<?> before, Duration patience) throws InterruptedException {
        Set<Thread> left = threads();
        left.removeIf(before::contains);
        long until = System.nanoTime() + patience.toNanos();
        for (Thread thread : left) {
            thread.join(Math.max(1, (until - System.nanoTime()) / 1_000_000));
        }
        left.removeIf(thread -> !thread.isAlive());
        if (!left.isEmpty()) {
            throw new AssertionError("the test left threads behind:"
                    + left.stream().map(NoThreadsLeft::describe).sorted().collect(Collectors.joining()));
        }
    }

    private static String describe(Thread thread) {
        StringBuilder text = new StringBuilder("\n  " + thread.getName() + " (" + thread.getState() + ")");
        for (StackTraceElement frame : thread.getStackTrace()) {
            text.append("\n      at ").append(frame);
        }
        return text.toString();
    }

    static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(PREFIX))
                .collect(Collectors.toSet());
    }

    private static ExtensionContext.Namespace namespace(ExtensionContext context) {
        return ExtensionContext.Namespace.create(NoThreadsLeft.class, context.getUniqueId());
    }
}
