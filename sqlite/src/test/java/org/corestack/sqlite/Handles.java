package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.corestack.document.Key;
import org.corestack.store.StoreClient;
import org.corestack.testkit.NativeAccess;
import org.sqlite.SQLiteDataSource;

/** SQLite's data sources and connections, as users have them. */
final class Handles implements NativeAccess {
    @Override
    public Object handle(StoreClient client) {
        return client.unwrap(SQLiteDataSource.class);
    }

    @Override
    public NativeTransaction begin(StoreClient client) {
        try {
            Connection connection = client.unwrap(SQLiteDataSource.class).getConnection();
            run(connection, "BEGIN IMMEDIATE");
            return new Begun(connection);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void spoil(StoreClient client, String store, String collection, Key key) {
        String sql = "UPDATE " + new CollectionName(store, collection).quotedTable() + " SET doc = '[1]' WHERE key = ?";
        try (Connection connection = client.unwrap(SQLiteDataSource.class).getConnection();
                PreparedStatement update = connection.prepareStatement(sql)) {
            update.setObject(1, KeyColumn.toColumn(key));
            assertThat(update.executeUpdate()).isEqualTo(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static void run(Connection connection, String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private record Begun(Connection handle) implements NativeTransaction {
        @Override
        public void commit() {
            run(handle, "COMMIT");
        }

        @Override
        public void rollback() {
            run(handle, "ROLLBACK");
        }

        @Override
        public void close() {
            try {
                handle.close();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }
    }
}
