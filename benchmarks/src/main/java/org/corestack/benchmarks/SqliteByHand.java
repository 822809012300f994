package org.corestack.benchmarks;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The work done by hand over JDBC on SQLite: the same table and the same row of a log in the same transaction, synced to
 * the disk, documents as JSON by Jackson.
 */
final class SqliteByHand implements StoreWork {
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() {};

    private final JsonMapper json = JsonMapper.builder().build();
    private final Connection connection;
    private final PreparedStatement begin;
    private final PreparedStatement commit;
    private final PreparedStatement log;
    private final PreparedStatement insert;
    private final PreparedStatement find;
    private final PreparedStatement update;
    private final PreparedStatement updateIf;
    private final PreparedStatement group;
    private final PreparedStatement all;

    SqliteByHand(String file) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute(
                    "CREATE TABLE orders (key TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, doc TEXT NOT NULL)");
            statement.execute("CREATE TABLE log (seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL,"
                    + " op INTEGER NOT NULL, time INTEGER NOT NULL)");
            statement.execute("CREATE INDEX by_group ON orders (json_extract(doc, '$.group'), key)");
        }
        begin = connection.prepareStatement("BEGIN IMMEDIATE");
        commit = connection.prepareStatement("COMMIT");
        log = connection.prepareStatement("INSERT INTO log (key, op, time) VALUES (?, ?, ?) RETURNING seq");
        insert = connection.prepareStatement("INSERT INTO orders (key, version, doc) VALUES (?, ?, ?)");
        find = connection.prepareStatement("SELECT version, doc FROM orders WHERE key = ?");
        update = connection.prepareStatement("UPDATE orders SET version = ?, doc = ? WHERE key = ?");
        updateIf = connection.prepareStatement("UPDATE orders SET version = ?, doc = ? WHERE key = ? AND version = ?");
        group = connection.prepareStatement(
                "SELECT key, version, doc FROM orders WHERE json_extract(doc, '$.group') = ? ORDER BY key");
        all = connection.prepareStatement("SELECT key, version, doc FROM orders ORDER BY key");
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
        begin.execute();
        for (int i = 0; i < samples; i++) {
            insertRow(i);
        }
        commit.execute();
    }

    @Override
    public void insert(int number) throws SQLException {
        begin.execute();
        insertRow(number);
        commit.execute();
    }

    private void insertRow(int number) throws SQLException {
        Map<String, Object> fields = Sample.fields(number);
        fields.put("total", Sample.total(number).toString());
        fields.put("placed", Sample.placed(number).toString());
        insert.setString(1, Sample.key(number));
        insert.setLong(2, log(number, 0));
        insert.setString(3, json.writeValueAsString(fields));
        insert.executeUpdate();
    }

    private long log(int number, int operation) throws SQLException {
        log.setString(1, Sample.key(number));
        log.setInt(2, operation);
        log.setLong(3, System.currentTimeMillis());
        try (ResultSet row = log.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
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
        begin.execute();
        Row row = row(number);
        write(update, number, parcels, row);
        update.executeUpdate();
        commit.execute();
    }

    @Override
    public void updateIfUnchanged(int number, int parcels) throws SQLException {
        Row row = row(number);
        begin.execute();
        write(updateIf, number, parcels, row);
        updateIf.setLong(4, row.version());
        if (updateIf.executeUpdate() != 1) {
            throw new SQLException("changed meanwhile");
        }
        commit.execute();
    }

    private void write(PreparedStatement statement, int number, int parcels, Row row) throws SQLException {
        row.fields().put("status", "PAID");
        row.fields().put("parcels", parcels);
        row.fields().computeIfPresent("total", (name, total) -> total.toString());
        row.fields().computeIfPresent("placed", (name, placed) -> placed.toString());
        statement.setLong(1, log(number, 1));
        statement.setString(2, json.writeValueAsString(row.fields()));
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

    @Override
    public int stream() throws SQLException {
        int count = 0;
        try (ResultSet row = all.executeQuery()) {
            while (row.next()) {
                count += decode(row.getString(3)).get("note") == null ? 0 : 1;
            }
        }
        return count;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
