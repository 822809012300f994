package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class SqliteErrorsTest {
    @ParameterizedTest
    @CsvSource({
        "SQLITE_BUSY, DEADLINE_EXCEEDED",
        "SQLITE_BUSY_SNAPSHOT, CONFLICT",
        "SQLITE_CONSTRAINT_UNIQUE, ALREADY_EXISTS",
        "SQLITE_LOCKED, DEADLINE_EXCEEDED",
        "SQLITE_INTERRUPT, DEADLINE_EXCEEDED",
        "SQLITE_READONLY, FORBIDDEN",
        "SQLITE_READONLY_DIRECTORY, FORBIDDEN",
        "SQLITE_PERM, FORBIDDEN",
        "SQLITE_CANTOPEN, FORBIDDEN",
        "SQLITE_IOERR, UNAVAILABLE",
        "SQLITE_IOERR_FSYNC, UNAVAILABLE",
        "SQLITE_PROTOCOL, UNAVAILABLE",
        "SQLITE_CORRUPT, DATA_LOSS",
        "SQLITE_CORRUPT_INDEX, DATA_LOSS",
        "SQLITE_NOTADB, DATA_LOSS",
        "SQLITE_FULL, RESOURCE_EXHAUSTED",
        "SQLITE_NOMEM, RESOURCE_EXHAUSTED",
        "SQLITE_TOOBIG, INVALID_ARGUMENT",
        "SQLITE_ERROR, UNKNOWN",
        "SQLITE_MISUSE, UNKNOWN"
    })
    void eachErrorHasItsCode(SQLiteErrorCode found, ErrorCode code) {
        assertThat(SqliteErrors.translate(new SQLiteException("what SQLite says", found), "the test")
                        .code())
                .isEqualTo(code);
    }

    @ParameterizedTest
    @EnumSource
    void eachErrorSaysWhatWasBeingDone(SQLiteErrorCode found) {
        SQLiteException cause = new SQLiteException("what SQLite says", found);
        CoreException error = SqliteErrors.translate(cause, "the insert of 'k' in s.c");
        assertThat(error)
                .hasMessageStartingWith("the insert of 'k' in s.c failed: ")
                .hasCause(cause);
    }
}
