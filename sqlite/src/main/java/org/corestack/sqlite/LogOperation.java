package org.corestack.sqlite;

import org.corestack.document.Change.Operation;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;

/** What a row of the log tells of, by the number it is stored as. */
enum LogOperation {
    /** A document was created. */
    INSERT(1, Operation.INSERT),
    /** A document was changed or replaced. */
    UPDATE(2, Operation.UPDATE),
    /** A document was deleted. */
    DELETE(3, Operation.DELETE);

    private final int code;
    private final Operation operation;

    LogOperation(int code, Operation operation) {
        this.code = code;
        this.operation = operation;
    }

    int code() {
        return code;
    }

    static Operation ofCode(int code) {
        for (LogOperation known : values()) {
            if (known.code == code) {
                return known.operation;
            }
        }
        throw new CoreException(ErrorCode.DATA_LOSS, "the log holds an operation of the unknown number " + code);
    }
}
