package org.corestack.benchmarks;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The work done by hand over JDBC on PostgreSQL: the same table and the same row of a log, each write one statement,
 * documents as jsonb by Jackson.
 */
final class PostgresByHand implements StoreWork {
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() {};
    private static final int FETCH = 1_000;

    private final JsonMapper json = JsonMapper.builder().build();
    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement find;
    private final PreparedStatement update;
    private final PreparedStatement updateIf;
    private final PreparedStatement group;
    private final PreparedStatement all;

    PostgresByHand(DataSource server) throws SQLException {
        connection = server.getConnection();
        try (var statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA IF EXISTS by_hand CASCADE");
            statement.execute("CREATE SCHEMA by_hand");
            statement.execute("SET search_path = by_hand");
            statement.execute("CREATE TABLE log (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                    + " xid xid8 NOT NULL DEFAULT pg_current_xact_id(), key text NOT NULL, op smallint NOT NULL,"
                    + " time timestamptz NOT NULL DEFAULT clock_timestamp())");
            statement.execute("CREATE TABLE orders (key text COLLATE \"C\" PRIMARY KEY, version bigint NOT NULL,"
                    + " doc jsonb NOT NULL)");
            statement.execute("CREATE INDEX by_group ON orders ((doc->'group'), key)");
        }
        insert = connection.prepareStatement("WITH logged AS (INSERT INTO log (key, op) VALUES (?, 0) RETURNING seq)"
                + " INSERT INTO orders (key, version, doc) SELECT ?, seq, ?::jsonb FROM logged");
        find = connection.prepareStatement("SELECT version, doc FROM orders WHERE key = ?");
        update = connection.prepareStatement("WITH logged AS (INSERT INTO log (key, op) VALUES (?, 1) RETURNING seq)"
                + " UPDATE orders SET version = seq, doc = doc || ?::jsonb FROM logged WHERE orders.key = ?");
        updateIf = connection.prepareStatement("WITH logged AS (INSERT INTO log (key, op) VALUES (?, 1) RETURNING seq)"
                + " UPDATE orders SET version = seq, doc = doc || ?::jsonb FROM logged"
                + " WHERE orders.key = ? AND version = ?");
        group = connection.prepareStatement(
                "SELECT key, version, doc FROM orders WHERE doc->'group' = to_jsonb(?::int) ORDER BY key");
        all = connection.prepareStatement("SELECT key, version, doc FROM orders ORDER BY key");
        all.setFetchSize(FETCH);
    }

    private record Row(long version, Map<String, Object> fields) {}

    /** With the decimal and the instant as such, which is what the reader of an order wants. */
    private Map<String, Object> decode(String doc) {
        Map<String, Object> fields = json.readValue(doc, FIELDS);
        fields.computeIfPresent("total", (name, text) -> new BigDecimal((String) text));
        fields.computeIfPresent("placed", (name, text) -> Instant.parse((String) text));
        return fields;
    }

    @Override
    public void load(int samples) throws SQLException {
        connection.setAutoCommit(false);
        for (int i = 0; i < samples; i++) {
            prepareInsert(i);
            insert.addBatch();
            if (i % FETCH == FETCH - 1) {
                insert.executeBatch();
            }
        }
        insert.executeBatch();
        connection.commit();
        connection.setAutoCommit(true);
    }

    @Override
    public void insert(int number) throws SQLException {
        prepareInsert(number);
        insert.executeUpdate();
    }

    private void prepareInsert(int number) throws SQLException {
        Map<String, Object> fields = Sample.fields(number);
        fields.put("total", Sample.total(number).toString());
        fields.put("placed", Sample.placed(number).toString());
        insert.setString(1, Sample.key(number));
        insert.setString(2, Sample.key(number));
        insert.setString(3, json.writeValueAsString(fields));
    }

    private Row row(int number) throws SQLException {
        find.setString(1, Sample.key(number));
        try (ResultSet row = find.executeQuery()) {
            row.next();
            return new Row(row.getLong(1), decode(row.getString(2)));
        }
    }

    @Override
    public Object find(int number) throws SQLException {
        return row(number).fields().get("note") + "";
    }

    @Override
    public void update(int number, int parcels) throws SQLException {
        write(update, number, parcels);
        update.executeUpdate();
    }

    @Override
    public void updateIfUnchanged(int number, int parcels) throws SQLException {
        Row row = row(number);
        write(updateIf, number, parcels);
        updateIf.setLong(4, row.version());
        if (updateIf.executeUpdate() != 1) {
            throw new SQLException("changed meanwhile");
        }
    }

    private void write(PreparedStatement statement, int number, int parcels) throws SQLException {
        statement.setString(1, Sample.key(number));
        statement.setString(2, json.writeValueAsString(Map.of("status", "PAID", "parcels", parcels)));
        statement.setString(3, Sample.key(number));
    }

    @Override
    public List<?> findGroup(int number) throws SQLException {
        group.setInt(1, number);
        List<Row> rows = new ArrayList<>();
        try (ResultSet row = group.executeQuery()) {
            while (row.next()) {
                rows.add(new Row(row.getLong(2), decode(row.getString(3))));
            }
        }
        return rows;
    }

    /** In a transaction, without which the driver holds all rows at once. */
    @Override
    public int stream() throws SQLException {
        int count = 0;
        connection.setAutoCommit(false);
        try (ResultSet row = all.executeQuery()) {
            while (row.next()) {
                count += decode(row.getString(3)).get("note") == null ? 0 : 1;
            }
        }
        connection.setAutoCommit(true);
        return count;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
