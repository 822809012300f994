package org.corestack.cli.demo.register;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The whole answer: what the tables have to hold once every record is done.
 *
 * @param descriptions by the key of the record
 * @param lookalikes by the key of the skeleton
 */
public record Register(SortedMap<String, Description> descriptions, SortedMap<String, LookalikeGroup> lookalikes) {

    /** Computes the answer in the calling thread, from the records alone. */
    public static Register compute(Map<String, CharacterRecord> records, Describer describer) {
        SortedMap<String, Description> descriptions = new TreeMap<>();
        Map<String, Map<String, Description>> bySkeleton = new TreeMap<>();
        records.forEach((key, record) -> {
            Description description = describer.describe(record.text());
            descriptions.put(key, description);
            bySkeleton
                    .computeIfAbsent(description.skeleton(), skeleton -> new TreeMap<>())
                    .put(key, description);
        });
        SortedMap<String, LookalikeGroup> lookalikes = new TreeMap<>();
        bySkeleton.forEach((skeleton, group) -> lookalikes.put(skeleton, LookalikeGroup.of(group)));
        return new Register(descriptions, lookalikes);
    }
}
