package org.corestack.cli.demo.replica;

import static org.corestack.table.Fields.field;
import static org.corestack.table.Fields.ifVersion;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.corestack.cli.demo.register.Description;
import org.corestack.cli.demo.register.LookalikeGroup;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.reconcile.ReconcileContext;
import org.corestack.reconcile.Reconciler;
import org.corestack.reconcile.Result;
import org.corestack.table.Entry;

/**
 * The second controller: each skeleton has a group of all that look alike.
 *
 * <p>The group is read before its members are. A replica that wrote it meanwhile has raised its version, so the write
 * fails and everything is read anew: no member can be lost to a writer that had not seen it.
 */
final class GroupWork implements Reconciler<String> {
    private final DemoTables tables;
    private final UnaryOperator<LookalikeGroup> change;

    /**
     * The work on some tables.
     *
     * @param change what becomes of a group before it is written; itself, but for tests
     */
    GroupWork(DemoTables tables, UnaryOperator<LookalikeGroup> change) {
        this.tables = tables;
        this.change = change;
    }

    @Override
    public Result reconcile(String skeleton, ReconcileContext context) {
        Optional<Entry<String, LookalikeGroup>> held = tables.lookalikes().findEntry(skeleton);
        Map<String, Description> members = new TreeMap<>();
        tables.descriptions()
                .findMany(field(Description::skeleton).eq(skeleton))
                .forEach(entry -> members.put(entry.key(), entry.value()));
        if (members.isEmpty()) {
            return Result.done();
        }
        LookalikeGroup group = change.apply(LookalikeGroup.of(members));
        try {
            if (held.isEmpty()) {
                tables.lookalikes().insert(skeleton, group);
            } else if (!held.get().value().equals(group)) {
                tables.lookalikes().update(skeleton, group, ifVersion(held.get().version()));
            }
            return Result.done();
        } catch (CoreException e) {
            if (e.code() == ErrorCode.ALREADY_EXISTS || e.code() == ErrorCode.CONFLICT) {
                return Result.requeue(); // another replica wrote it since it was read
            }
            throw e;
        }
    }
}
