package org.corestack.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Asks the log for what is behind the last number, every ten milliseconds. (On PostgreSQL that loses late commits.) */
final class SqlFeedByHand implements FeedByHand {
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() {};
    private static final int PAUSE_MILLIS = 10;
    private static final int FETCH = 1_000;

    private final JsonMapper json = JsonMapper.builder().build();
    private final Connection connection;
    private final PreparedStatement last;
    private final PreparedStatement next;
    private final PreparedStatement whole;
    private long seq;

    SqlFeedByHand(EngineKind kind, String uri) throws SQLException {
        boolean file = kind == EngineKind.SQLITE;
        connection = DriverManager.getConnection(
                file ? "jdbc:" + uri : uri.replace("postgresql://postgres@", "jdbc:postgresql://") + "?user=postgres");
        String log = file ? "corestack_log" : "bench.\"_corestack_log\"";
        String events = file ? "\"bench.events\"" : "bench.events";
        String key = file ? "l.key" : "convert_from(substr(l.key, 2, length(l.key) - 2), 'UTF8')";
        last = connection.prepareStatement("SELECT coalesce(max(seq), 0) FROM " + log);
        next = connection.prepareStatement(
                "SELECT l.seq, " + key + " FROM " + log + " l WHERE l.seq > ? ORDER BY l.seq");
        whole = connection.prepareStatement("SELECT l.seq, " + key + ", d.doc FROM " + log + " l LEFT JOIN " + events
                + " d ON d.key = l.key WHERE l.seq > ? ORDER BY l.seq LIMIT " + FETCH);
        seq = first(last);
    }

    @Override
    public void follow(Consumer<String> seen, BooleanSupplier ended) throws SQLException, InterruptedException {
        while (!ended.getAsBoolean()) {
            Thread.sleep(PAUSE_MILLIS);
            next.setLong(1, seq);
            try (ResultSet rows = next.executeQuery()) {
                while (rows.next()) {
                    seq = rows.getLong(1);
                    seen.accept(rows.getString(2));
                }
            }
        }
    }

    @Override
    public void read(int changes) throws SQLException {
        int decoded = 0;
        while (decoded < changes) {
            whole.setLong(1, seq);
            try (ResultSet rows = whole.executeQuery()) {
                while (rows.next()) {
                    seq = rows.getLong(1);
                    decoded += json.readValue(rows.getString(3), FIELDS).isEmpty() ? 0 : 1;
                }
            }
        }
    }

    private static long first(PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
