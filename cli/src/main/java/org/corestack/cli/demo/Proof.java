package org.corestack.cli.demo;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.corestack.cli.demo.register.CharacterRecord;
import org.corestack.cli.demo.register.Comparison;
import org.corestack.cli.demo.register.Describer;
import org.corestack.cli.demo.register.Register;
import org.corestack.cli.demo.replica.DemoTables;
import org.corestack.table.Entry;
import org.corestack.table.Table;
import org.corestack.table.TableSnapshot;

/**
 * The tables held against the answer that one thread computed by itself.
 *
 * @param expected that answer
 * @param descriptions the comparison of the one table
 * @param lookalikes the comparison of the other
 */
record Proof(Register expected, Comparison descriptions, Comparison lookalikes) {

    /** Computes the answer in the calling thread, from the records alone, and reads both tables. */
    static Proof of(SortedMap<String, CharacterRecord> records, DemoTables tables) {
        Register expected = Register.compute(records, new Describer());
        return new Proof(
                expected,
                compare(tables.descriptions(), expected.descriptions()),
                compare(tables.lookalikes(), expected.lookalikes()));
    }

    private static <V> Comparison compare(Table<String, V> table, Map<String, V> expected) {
        try (TableSnapshot<String, V> snapshot = table.snapshot()) {
            Iterator<Entry<String, V>> entries = snapshot.iterator();
            return Comparison.of(table.name(), expected, new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return entries.hasNext();
                }

                @Override
                public Map.Entry<String, V> next() {
                    Entry<String, V> entry = entries.next();
                    return Map.entry(entry.key(), entry.value());
                }
            });
        }
    }

    /** How many documents of both tables are missing, differ, or should not be there. */
    long lost() {
        return descriptions.wrong() + lookalikes.wrong();
    }

    /** The first of them, a line each. */
    List<String> faults() {
        List<String> faults = new ArrayList<>(descriptions.examples());
        faults.addAll(lookalikes.examples());
        return faults;
    }
}
