package org.corestack.postgresql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.corestack.document.Write;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.WriteResult;

/** Several writes in one transaction where all goes well; where one throws, each by itself. */
final class BulkWrite {
    /** As many as take their places in the server's lock table together. */
    static final int AT_ONCE = 250;

    private final Access access;
    private final CollectionName name;
    private final List<Write> writes;
    private final List<DocumentWrite> works = new ArrayList<>();

    interface Single {
        WriteResult write(Write write, Deadline deadline);
    }

    BulkWrite(Database database, Access access, CollectionName name, List<Write> writes) {
        this.access = access;
        this.name = name;
        this.writes = writes;
        for (Write write : writes) {
            works.add(new DocumentWrite(
                    name, database.codec(), database.dialect(name.store()), database.source(), write));
        }
    }

    List<WriteResult> run(Deadline deadline, Single single) {
        deadline.check(writes.size() + " writes in " + name);
        try {
            if (access.isThere(name, works.stream().anyMatch(DocumentWrite::creates), deadline)) {
                return together(deadline);
            }
        } catch (CoreException e) {
            boolean hopeless = e.code() == ErrorCode.FAILED_PRECONDITION || e.code() == ErrorCode.CANCELED;
            if (e.outcomeUnknown() || PostgresErrors.isDefeat(e) || hopeless || deadline.isExpired()) {
                throw e; // what may be done already is not done a second time
            }
            if (PostgresErrors.isRefusal(e)) {
                throw e; // each by itself would wait for a connection as long as all of them did
            }
        }
        return apart(deadline, single);
    }

    private List<WriteResult> together(Deadline deadline) {
        List<WriteResult> results = access.write(deadline, writes.size() + " writes in " + name, false, session -> {
            List<WriteResult> all = new ArrayList<>();
            for (DocumentWrite work : works) {
                all.add(work.in(session));
            }
            return all;
        });
        if (results.stream().anyMatch(result -> result.written() != null)) {
            access.written(name.store());
        }
        return results;
    }

    private List<WriteResult> apart(Deadline deadline, Single single) {
        List<WriteResult> results = new ArrayList<>();
        for (Write write : writes) {
            try {
                results.add(single.write(write, deadline));
            } catch (CoreException e) {
                if (PostgresErrors.isRefusal(e)) {
                    return failing(name, writes, results, 1, e);
                }
                results.add(WriteResult.failed(e));
            } catch (RuntimeException e) {
                results.add(WriteResult.failed(
                        new CoreException(ErrorCode.of(e), Doing.of(write, name) + " failed: " + e, e)));
            }
        }
        return results;
    }

    /** The results of those before, of some that an error is about, and of the rest, which is not begun. */
    static List<WriteResult> failing(
            CollectionName name, List<Write> writes, List<WriteResult> before, int some, CoreException error) {
        List<WriteResult> results = new ArrayList<>(before);
        results.addAll(Collections.nCopies(some, WriteResult.failed(error)));
        for (Write write : writes.subList(results.size(), writes.size())) {
            results.add(WriteResult.failed(new CoreException(
                    error.code(), Doing.of(write, name) + " was not begun, as one before it failed", error)));
        }
        return results;
    }
}
