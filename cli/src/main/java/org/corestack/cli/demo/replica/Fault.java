package org.corestack.cli.demo.replica;

import java.util.List;
import org.corestack.cli.demo.register.Description;
import org.corestack.cli.demo.register.LookalikeGroup;
import org.corestack.table.Table;

/** What a replica does wrong on purpose, so that tests see the proof fail. */
public enum Fault {
    /** Nothing. */
    NONE,
    /** One description is not written. */
    DROP_ONE,
    /** One description is written twice. */
    WRITE_TWICE,
    /** One description is written with another block than the text's. */
    ALTER_FIELD,
    /** One member is left out of its group. */
    DROP_MEMBER;

    /** A writer that does one key wrong. */
    ResultWriter in(Table<String, Description> table, String faultKey) {
        return (key, description) -> {
            boolean faulty = key.equals(faultKey);
            if (faulty && this == DROP_ONE) {
                return;
            }
            table.insert(key, faulty && this == ALTER_FIELD ? altered(description) : description);
            if (faulty && this == WRITE_TWICE) {
                table.replace(key, description);
            }
        };
    }

    /** A group, without one member if that is the fault. */
    LookalikeGroup in(LookalikeGroup group, String faultKey) {
        if (this != DROP_MEMBER || !group.members().contains(faultKey)) {
            return group;
        }
        List<String> members =
                group.members().stream().filter(key -> !key.equals(faultKey)).toList();
        return new LookalikeGroup(members, group.scripts());
    }

    private static Description altered(Description right) {
        return new Description(
                right.name(),
                right.scripts(),
                right.block() + "?",
                right.letterCase(),
                right.decomposition(),
                right.skeleton());
    }
}
