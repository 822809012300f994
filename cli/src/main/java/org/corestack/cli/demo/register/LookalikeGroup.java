package org.corestack.cli.demo.register;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What the table {@code lookalikes} holds under a skeleton: all texts that look alike.
 *
 * @param members the keys of the texts, sorted
 * @param scripts the scripts that they are written in, sorted
 */
public record LookalikeGroup(List<String> members, List<String> scripts) {
    /** Copies the lists. */
    public LookalikeGroup {
        members = List.copyOf(members);
        scripts = List.copyOf(scripts);
    }

    /**
     * The group of some descriptions.
     *
     * @param descriptions by the key of what they describe, all of one skeleton
     */
    public static LookalikeGroup of(Map<String, Description> descriptions) {
        TreeSet<String> scripts = new TreeSet<>();
        descriptions.values().forEach(description -> scripts.addAll(description.scripts()));
        return new LookalikeGroup(List.copyOf(new TreeSet<>(descriptions.keySet())), List.copyOf(scripts));
    }
}
