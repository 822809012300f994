package org.corestack.cli.demo.replica;

import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.corestack.cli.demo.register.CharacterRecord;
import org.corestack.cli.demo.register.Describer;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.reconcile.ReconcileContext;
import org.corestack.reconcile.Reconciler;
import org.corestack.reconcile.Result;

/**
 * The first controller: each record has a description. Replicas do not agree on who takes a key, so two may describe
 * the same one at once; an insert if absent lets one of them win.
 */
final class DescribeWork implements Reconciler<String> {
    private final DemoTables tables;
    private final Describer describer;
    private final ResultWriter writer;
    private final LongAdder collisions = new LongAdder();

    DescribeWork(DemoTables tables, Describer describer, ResultWriter writer) {
        this.tables = tables;
        this.describer = describer;
        this.writer = writer;
    }

    /** How many inserts came second. */
    long collisions() {
        return collisions.sum();
    }

    @Override
    public Result reconcile(String key, ReconcileContext context) {
        Optional<CharacterRecord> record = tables.characters().in(context).find(key);
        if (record.isPresent() && tables.descriptions().find(key).isEmpty()) {
            try {
                writer.insert(key, describer.describe(record.get().text()));
            } catch (CoreException e) {
                if (e.code() != ErrorCode.ALREADY_EXISTS) {
                    throw e;
                }
                collisions.increment(); // done all the same, by another
            }
        }
        return Result.done();
    }
}
