package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.EngineConfig;
import org.corestack.store.spi.WriteResult;
import org.sqlite.SQLiteDataSource;

/** What the tests here open and write with. */
final class Engines {
    private Engines() {}

    static Engine open(Path file) {
        return open("sqlite:" + file);
    }

    static Engine open(String uri) {
        return open(uri, Duration.ofHours(24));
    }

    static Engine open(String uri, Duration retention) {
        return new SqliteEngineProvider().open(new EngineConfig(uri, "test", Duration.ofSeconds(10), retention));
    }

    static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(20));
    }

    /** Does a write that must take place. */
    static Written write(EngineCollection collection, Write write) {
        WriteResult result = collection.write(write, soon());
        if (result.written() == null) {
            throw new AssertionError("the write of " + write.key() + " came to " + result.status());
        }
        return result.written();
    }

    static Key key(Object value) {
        return Key.of(value);
    }

    /** What a list gives, from the first page to the last. */
    static List<StoredDocument> list(EngineCollection collection, Filter filter, FindOptions options) {
        List<StoredDocument> all = new ArrayList<>();
        try (Cursor cursor = collection.find(filter, options)) {
            for (List<StoredDocument> page = cursor.next(soon()); !page.isEmpty(); page = cursor.next(soon())) {
                all.addAll(page);
            }
        }
        return all;
    }

    /** Asserts that something fails with a code, and gives the error. */
    static CoreException fails(ErrorCode code, ThrowingCallable what) {
        CoreException error = catchThrowableOfType(CoreException.class, what);
        assertThat(error).as("nothing failed").isNotNull();
        assertThat(error.code()).as(error.toString()).isEqualTo(code);
        return error;
    }

    /** The first column of a query through a connection of the engine's data source. */
    static List<Object> column(Engine engine, String sql) {
        try (Connection connection =
                        engine.unwrap(SQLiteDataSource.class).orElseThrow().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<Object> values = new ArrayList<>();
            while (row.next()) {
                values.add(row.getObject(1));
            }
            return values;
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }
}
