package org.corestack.testkit;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Skips the tests that a class declares, and fails the class if others were skipped. */
final class SkipsDeclared implements BeforeEachCallback, TestWatcher, AfterAllCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(SkipsDeclared.class);

    /** The tests of a class and those that it inherits, by name. */
    static SortedMap<String, Method> tests(Class<?> type) {
        SortedMap<String, Method> tests = new TreeMap<>();
        for (Class<?> declaring = type; declaring != null; declaring = declaring.getSuperclass()) {
            for (Method method : declaring.getDeclaredMethods()) {
                if (method.isAnnotationPresent(Test.class)) {
                    tests.putIfAbsent(method.getName(), method);
                }
            }
        }
        return tests;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        ContractBase instance = (ContractBase) context.getRequiredTestInstance();
        String reason = instance.skipped().get(context.getRequiredTestMethod().getName());
        if (reason != null) {
            declared(context).put(context.getRequiredTestMethod().getName(), reason);
            Assumptions.abort(reason);
        }
    }

    @Override
    public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
        String test = context.getRequiredTestMethod().getName();
        if (!declared(context).containsKey(test)) {
            quiet(context).put(test, String.valueOf(cause));
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Map<String, String> quiet = quiet(context);
        if (!quiet.isEmpty()) {
            throw new AssertionError("skipped without being declared: " + quiet);
        }
    }

    private static Map<String, String> declared(ExtensionContext context) {
        return map(context, "declared");
    }

    private static Map<String, String> quiet(ExtensionContext context) {
        return map(context, "quiet");
    }

    @SuppressWarnings("unchecked") // only this class puts something under its names
    private static Map<String, String> map(ExtensionContext context, String name) {
        String key = context.getRequiredTestClass().getName() + " " + name;
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(key, none -> new ConcurrentHashMap<String, String>(), Map.class);
    }
}
