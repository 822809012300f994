package org.corestack.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;

/** Opens a file: looks first, and writes only to what is empty, ours, or a SQLite database of the user's own. */
final class Opening {
    private static final long PAUSE_NANOS = 2_000_000;
    /** The smallest page of a database. */
    private static final int SMALLEST = 512;

    private static final int READONLY = 8;
    private static final int CANTOPEN = 14;

    private final SqliteFile file;
    private final Deadline deadline;

    private Opening(SqliteFile file, Deadline deadline) {
        this.file = file;
        this.deadline = deadline;
    }

    /**
     * Makes sure that a file can be used, and has our tables.
     *
     * @return its random identifier
     */
    static String open(SqliteFile file, Deadline deadline) {
        return new Opening(file, deadline).run();
    }

    private String run() {
        checkPlace();
        try {
            look();
            return prepare();
        } catch (SQLException e) {
            throw translate(e);
        }
    }

    private void checkPlace() {
        Path folder = file.path().getParent();
        if (folder == null || Files.isDirectory(file.path())) {
            throw CoreException.invalidArgument(file.path() + " is a folder; the URI must name a file");
        }
        if (!Files.isDirectory(folder)) {
            throw CoreException.notFound("the folder " + folder + " does not exist; it must be there before "
                    + file.path().getFileName() + " can be made in it");
        }
    }

    /** Looks at what is there through a connection that can't change a byte of it. */
    private void look() throws SQLException {
        long size = size();
        if (size == 0) {
            return;
        }
        if (size < SMALLEST) { // SQLite would take it for empty
            throw noDatabase(null);
        }
        try (Session session = file.open(SqliteFile.Mode.LOOK, Patience.until(deadline))) {
            Format.version(session, file);
        } catch (SQLException e) {
            int code = SqliteErrors.number(e);
            // It may need recovery after a crash, which only a connection that writes can do.
            if (code != READONLY && code != CANTOPEN) {
                throw e;
            }
        }
    }

    private long size() {
        try {
            return Files.exists(file.path()) ? Files.size(file.path()) : 0;
        } catch (IOException e) {
            throw new CoreException(ErrorCode.FORBIDDEN, file.path() + " can't be looked at", e);
        }
    }

    private String prepare() throws SQLException {
        try (Session session = file.open(SqliteFile.Mode.CREATE, Patience.until(deadline))) {
            int version = Format.version(session, file);
            if (version == 0) {
                checkEncoding(session);
            }
            if (version == 0 || !isWal(session)) {
                makeWal(session);
            }
            if (version < Format.VERSION) {
                bringUpToDate(session);
            }
            checkWritable(session);
            return Format.fileId(session);
        }
    }

    /** In another encoding texts would have another order. */
    private void checkEncoding(Session session) throws SQLException {
        String encoding = session.text("PRAGMA encoding");
        if (!encoding.equals("UTF-8")) {
            throw CoreException.unsupported(
                    file + " is a database whose texts are in " + encoding + "; only UTF-8 is possible");
        }
    }

    private static boolean isWal(Session session) throws SQLException {
        return session.text("PRAGMA journal_mode").equals("wal");
    }

    /** Switches to write-ahead logging; SQLite does not wait for the lock that this needs, so we do. */
    private void makeWal(Session session) throws SQLException {
        while (true) {
            try {
                if (session.text("PRAGMA journal_mode = WAL").equals("wal")) {
                    return;
                }
                throw CoreException.unsupported(
                        "write-ahead logging is not possible on " + file + "; it needs a local disk, no network share");
            } catch (SQLException e) {
                if (!SqliteErrors.isImpatience(e) || Patience.until(deadline).isOver()) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void bringUpToDate(Session session) throws SQLException {
        session.run("BEGIN IMMEDIATE");
        int version = Format.version(session, file); // another process may have been first
        if (version == 0) {
            Format.create(session);
        } else {
            Migration.run(session, version);
        }
        session.run("COMMIT");
    }

    /** Fails now where the file can't be written, and not at the first write. That it is locked is no failure. */
    private static void checkWritable(Session session) throws SQLException {
        session.patience(() -> true);
        try {
            session.run("BEGIN IMMEDIATE");
            session.run("ROLLBACK");
        } catch (SQLException e) {
            if (!SqliteErrors.isImpatience(e)) {
                throw e;
            }
        }
    }

    private CoreException translate(SQLException e) {
        if (Thread.currentThread().isInterrupted()) {
            return new CoreException(ErrorCode.CANCELED, "opening " + file + " was interrupted", e);
        }
        if (SqliteErrors.isNoDatabase(e)) {
            return noDatabase(e);
        }
        return SqliteErrors.translate(e, "opening " + file);
    }

    private CoreException noDatabase(@Nullable SQLException e) {
        return new CoreException(
                ErrorCode.INVALID_ARGUMENT,
                file + " is no SQLite database (or its beginning is damaged); it was left as it is",
                e);
    }
}
