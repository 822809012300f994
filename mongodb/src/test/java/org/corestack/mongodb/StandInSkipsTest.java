package org.corestack.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.corestack.testkit.StoreContract;
import org.corestack.testkit.TableContract;
import org.junit.jupiter.api.Test;

/** Holds what is skipped where there is no MongoDB to a list, so that it can't grow unseen. */
class StandInSkipsTest {
    private static Set<String> tests(Class<?> contract) {
        Set<String> names = new TreeSet<>();
        for (Class<?> step = contract; step != null; step = step.getSuperclass()) {
            for (Method method : step.getDeclaredMethods()) {
                if (method.isAnnotationPresent(Test.class)) {
                    names.add(method.getName());
                }
            }
        }
        return names;
    }

    @Test
    void eachSkipIsOfATestThatThereIs() {
        Set<String> all = tests(StoreContract.class);
        all.addAll(tests(TableContract.class));
        assertThat(all).containsAll(StandInSkips.REASONS.keySet());
    }

    @Test
    void thereAreAsManySkipsAsTheDocumentationSays() {
        Map<String, Long> numbers = StandInSkips.REASONS.values().stream()
                .collect(Collectors.groupingBy(reason -> reason, Collectors.counting()));
        assertThat(numbers).containsOnly(Map.entry(StandInSkips.FEED, 55L), Map.entry(StandInSkips.EXPIRY, 1L));
    }
}
