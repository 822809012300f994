package org.corestack.cli.demo.replica;

import java.util.List;
import org.corestack.cli.demo.register.Description;
import org.corestack.cli.demo.register.LookalikeGroup;
import org.corestack.reconcile.Reconciler;
import org.corestack.reconcile.Result;
import org.corestack.table.Table;

/** What a replica does wrong on purpose, so that tests see the proof fail. */
public enum Fault {
    /** Nothing. */
    NONE,
    /** One description is not written. */
    DROP_ONE,
    /** One description is written again by each replica that finds it done, so at least by one that lives on. */
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
        };
    }

    /** Work that writes one description again once it is there. */
    Reconciler<String> in(Reconciler<String> work, Table<String, Description> table, String faultKey) {
        if (this != WRITE_TWICE) {
            return work;
        }
        return (key, context) -> {
            Result result = work.reconcile(key, context);
            if (key.equals(faultKey)) {
                table.replace(key, table.get(key));
            }
            return result;
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
