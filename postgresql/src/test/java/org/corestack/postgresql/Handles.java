package org.corestack.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.corestack.document.Key;
import org.corestack.store.StoreClient;
import org.corestack.testkit.NativeAccess;
import org.postgresql.ds.PGSimpleDataSource;

/** PostgreSQL's own handles: its data source, and transactions on connections of it. */
final class Handles implements NativeAccess {
    @Override
    public Object handle(StoreClient client) {
        return client.unwrap(PGSimpleDataSource.class);
    }

    @Override
    public NativeTransaction begin(StoreClient client) {
        try {
            Connection connection = client.unwrap(PGSimpleDataSource.class).getConnection();
            connection.setAutoCommit(false);
            return new Begun(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void spoil(StoreClient client, String store, String collection, Key key) {
        String table = new CollectionName(new StoreName(store), collection).table();
        try (Connection connection = client.unwrap(PGSimpleDataSource.class).getConnection();
                PreparedStatement update =
                        connection.prepareStatement("UPDATE " + table + " SET doc = '[1]' WHERE key = ?")) {
            update.setBytes(1, key.toBytes());
            assertThat(update.executeUpdate()).isEqualTo(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Begun(Connection connection) implements NativeTransaction {
        private interface Step {
            void run() throws SQLException;
        }

        private static void run(Step step) {
            try {
                step.run();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private void end(Step step) {
            run(() -> {
                step.run();
                connection.setAutoCommit(true);
            });
        }

        @Override
        public Object handle() {
            return connection;
        }

        @Override
        public void commit() {
            end(connection::commit);
        }

        @Override
        public void rollback() {
            end(connection::rollback);
        }

        @Override
        public void close() {
            run(connection::close);
        }
    }
}
