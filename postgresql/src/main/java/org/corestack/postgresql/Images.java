package org.corestack.postgresql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.corestack.document.Change.Operation;
import org.corestack.sql.SqlPart;
import org.corestack.sql.StoredJson;
import org.jspecify.annotations.Nullable;

/**
 * The documents before and after a change, which some collections keep beside its row of the log.
 *
 * <p>A trigger of the collection's table does that. Making it waits for the transactions that have written to the table,
 * and all later ones have it: so every process keeps them from then on, whichever way a document is written.
 *
 * @param before null before an insert
 * @param after null after a delete
 */
record Images(@Nullable StoredJson before, @Nullable StoredJson after) {
    private static final int COLUMNS = 5;
    private static final int OLD = 2;
    private static final int NEW = 4;
    private static final String TRIGGER = "_corestack_image";

    /** Keeps them from now on, or no longer. Inside a transaction; the collection has to be there. */
    static void keep(Session session, CollectionName name, boolean keep) throws SQLException {
        if (areKept(session, name) == keep) {
            return;
        }
        if (!keep) {
            session.update("DROP TRIGGER " + TRIGGER + " ON " + name.table());
            return;
        }
        if (!areThere(session, name.store())) {
            session.update("CREATE TABLE " + name.store().images() + " (seq bigint NOT NULL, old_doc jsonb,"
                    + " old_longs text, new_doc jsonb, new_longs text,"
                    + " CONSTRAINT \"_corestack_image:\" PRIMARY KEY (seq))");
            session.update(function(name.store()));
        }
        session.update("CREATE TRIGGER " + TRIGGER + " AFTER INSERT OR UPDATE OR DELETE ON " + name.table()
                + " FOR EACH ROW EXECUTE FUNCTION " + name.store().quoted(TRIGGER) + "()");
    }

    /** A deletion's number is that of its row in the log, which its statement has written when this runs at its end. */
    private static String function(StoreName store) {
        String insert = "INSERT INTO " + store.images();
        return "CREATE FUNCTION " + store.quoted(TRIGGER) + "() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " IF TG_OP = 'INSERT' THEN " + insert
                + " (seq, new_doc, new_longs) VALUES (NEW.version, NEW.doc, NEW.longs);"
                + " ELSIF TG_OP = 'DELETE' THEN " + insert
                + " (seq, old_doc, old_longs) SELECT l.seq, OLD.doc, OLD.longs FROM " + store.log()
                + " l WHERE l.xid = pg_current_xact_id() AND l.seq > OLD.version AND l.collection = TG_TABLE_NAME"
                + " AND l.key = OLD.key AND l.op = " + LogRow.code(Operation.DELETE) + " ORDER BY l.seq DESC LIMIT 1;"
                + " ELSIF NEW.version <> OLD.version THEN " + insert
                + " VALUES (NEW.version, OLD.doc, OLD.longs, NEW.doc, NEW.longs);"
                + " END IF; RETURN NULL; END $$";
    }

    /** Whether a collection keeps them. */
    static boolean areKept(Session session, CollectionName name) throws SQLException {
        return session.exists(
                "SELECT 1 FROM pg_trigger WHERE tgrelid = to_regclass(?) AND tgname = '" + TRIGGER
                        + "' AND tgenabled <> 'D'",
                name.table());
    }

    /** Whether any collection of the store has ever kept some. */
    static boolean areThere(Session session, StoreName store) throws SQLException {
        return session.exists("SELECT 1 WHERE to_regclass(?) IS NOT NULL", store.images());
    }

    /**
     * Those of rows of the log, by their numbers: of the first ones as far as there is room.
     *
     * @param room how many bytes they may have, but for the last one's
     */
    static Found find(Session session, StoreName store, List<Long> numbers, long room) throws SQLException {
        if (!areThere(session, store)) {
            return new Found(Map.of(), Long.MAX_VALUE);
        }
        SqlPart all = SqlPart.of(
                "SELECT seq, old_doc, old_longs, new_doc, new_longs FROM " + store.images()
                        + " WHERE seq = ANY (?) ORDER BY seq",
                (Object) numbers.toArray(Long[]::new));
        SqlPart some = Bounded.first(all, COLUMNS, Set.of(OLD, NEW), room);
        return session.query(some.text(), some.parameters(), rows -> {
            Map<Long, Images> images = new HashMap<>();
            long last = Long.MAX_VALUE;
            while (rows.next()) {
                long number = rows.getLong(1);
                images.put(number, new Images(json(rows, OLD), json(rows, NEW)));
                last = Bounded.total(rows, COLUMNS) >= room ? number : last;
            }
            return new Found(images, last);
        });
    }

    /**
     * Images of some rows.
     *
     * @param last the number behind which there was no room; the highest of all where there was for each
     */
    record Found(Map<Long, Images> images, long last) {}

    private static @Nullable StoredJson json(ResultSet row, int column) throws SQLException {
        String doc = row.getString(column);
        return doc == null ? null : new StoredJson(doc, row.getString(column + 1));
    }

    /** How many characters they have. */
    long characters() {
        long old = before == null ? 0 : before.doc().length();
        return after == null ? old : old + after.doc().length();
    }
}
