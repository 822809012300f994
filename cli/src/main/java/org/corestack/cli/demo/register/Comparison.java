package org.corestack.cli.demo.register;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A table held against what it should hold, document by document.
 *
 * @param held how many documents the table holds
 * @param wrong how many documents are missing, differ, or should not be there
 * @param examples the first of these, a line each, for people
 */
public record Comparison(long held, long wrong, List<String> examples) {
    private static final int EXAMPLES = 5;

    /** Copies the list. */
    public Comparison {
        examples = List.copyOf(examples);
    }

    /**
     * Compares. Reads what the table holds once, holding one document of it at a time.
     *
     * @param table the table's name, for the examples
     */
    public static <V> Comparison of(String table, Map<String, V> expected, Iterator<Map.Entry<String, V>> actual) {
        List<String> examples = new ArrayList<>();
        Set<String> missing = new HashSet<>(expected.keySet());
        long held = 0;
        long wrong = 0;
        while (actual.hasNext()) {
            Map.Entry<String, V> entry = actual.next();
            held++;
            V wanted = expected.get(entry.getKey());
            if (!missing.remove(entry.getKey()) || !entry.getValue().equals(wanted)) {
                wrong++;
                add(
                        examples,
                        table + " " + Printable.of(entry.getKey())
                                + (wanted == null
                                        ? " should not be there"
                                        : " holds " + Printable.of(String.valueOf(entry.getValue())) + " instead of "
                                                + Printable.of(String.valueOf(wanted))));
            }
        }
        for (String key : expected.keySet()) {
            if (missing.contains(key)) {
                wrong++;
                add(examples, table + " " + Printable.of(key) + " is missing");
            }
        }
        return new Comparison(held, wrong, examples);
    }

    private static void add(List<String> examples, String example) {
        if (examples.size() < EXAMPLES) {
            examples.add(example);
        }
    }
}
