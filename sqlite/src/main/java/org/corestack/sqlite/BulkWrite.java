package org.corestack.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.corestack.document.Write;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.sql.JsonCodec;
import org.corestack.store.spi.WriteResult;

/** Several writes within one transaction, each in a savepoint of its own. */
final class BulkWrite implements WriteTask.Work<List<WriteResult>> {
    private final List<Single> writes = new ArrayList<>();

    private record Single(Doing doing, DocumentWrite write) {}

    BulkWrite(CollectionName name, JsonCodec codec, List<Write> writes) {
        for (Write write : writes) {
            this.writes.add(new Single(Doing.of(write, name), new DocumentWrite(name, codec, write)));
        }
    }

    @Override
    public List<WriteResult> in(Transaction transaction) throws SQLException {
        List<WriteResult> results = new ArrayList<>(writes.size());
        for (Single single : writes) {
            results.add(result(transaction, single));
        }
        return results;
    }

    private static WriteResult result(Transaction transaction, Single single) throws SQLException {
        try {
            return transaction.inSavepoint("one", single.doing, single.write);
        } catch (CoreException e) {
            return WriteResult.failed(e);
        } catch (RuntimeException e) {
            return WriteResult.failed(new CoreException(ErrorCode.of(e), single.doing + " failed: " + e, e));
        }
    }
}
