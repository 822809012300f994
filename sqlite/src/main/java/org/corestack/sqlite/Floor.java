package org.corestack.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The place before the oldest row that the log still holds.
 *
 * @param seq the number of the last row that was trimmed, 0 if none was
 * @param nonce its nonce, a random one if there is none
 * @param time its time, in milliseconds since 1970, 0 if there is none
 */
record Floor(long seq, long nonce, long time) {
    static Floor read(Session session) throws SQLException {
        try (ResultSet row = session.query("SELECT (SELECT value FROM corestack_meta WHERE name = 'floor'),"
                + " (SELECT value FROM corestack_meta WHERE name = 'floor_nonce'),"
                + " (SELECT value FROM corestack_meta WHERE name = 'floor_time')")) {
            row.next();
            return new Floor(row.getLong(1), row.getLong(2), row.getLong(3));
        }
    }

    void write(Session session) throws SQLException {
        session.update("INSERT OR REPLACE INTO corestack_meta VALUES ('floor', ?)", seq);
        session.update("INSERT OR REPLACE INTO corestack_meta VALUES ('floor_nonce', ?)", nonce);
        session.update("INSERT OR REPLACE INTO corestack_meta VALUES ('floor_time', ?)", time);
    }
}
