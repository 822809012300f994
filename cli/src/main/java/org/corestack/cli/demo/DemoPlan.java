package org.corestack.cli.demo;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.corestack.cli.demo.register.CharacterRecord;
import org.corestack.cli.demo.replica.Fault;

/**
 * What one run is to do.
 *
 * @param records the records, by their keys; at least one
 * @param replicas how many replicas to start with
 * @param store the URI of the store that they share
 * @param folder the folder of this run for temporary files
 * @param fault what replicas do wrong on purpose, for tests
 */
record DemoPlan(SortedMap<String, CharacterRecord> records, int replicas, String store, Path folder, Fault fault) {
    /** The record that is done wrong, if one is: the one in the middle. */
    String faultKey() {
        return List.copyOf(records.keySet()).get(records.size() / 2);
    }
}
