package org.corestack.postgresql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Deadline;

/**
 * Makes the tables of a store and its collections. Thread-safe, between processes too: whoever makes some holds a lock
 * of the database, so that replicas that start at once don't fail each other.
 */
final class Schema {
    static final int FORMAT = 1;

    private static final long LEAP = 1L << 32;
    private static final String COLLECTION = "corestack collection";

    private final Pool pool;
    private final StoreName store;

    Schema(Pool pool, StoreName store) {
        this.pool = pool;
        this.store = store;
    }

    /** The statements that make a store's own tables, for an administrator to run who keeps that right to himself. */
    static List<String> storeStatements(StoreName store) {
        List<String> statements = new ArrayList<>(Place.functions(store));
        statements.addAll(List.of(
                "CREATE SEQUENCE " + store.sequence() + " AS bigint",
                "CREATE TABLE " + store.log() + " (seq bigint NOT NULL, xid xid8 NOT NULL DEFAULT pg_current_xact_id(),"
                        + " collection text NOT NULL, key bytea NOT NULL, op smallint NOT NULL,"
                        + " at timestamptz NOT NULL DEFAULT clock_timestamp(), source text,"
                        + " CONSTRAINT \"_corestack_log:\" PRIMARY KEY (seq))"
                        // Its statistics have to follow the transactions' numbers, or no index serves the feed.
                        + " WITH (autovacuum_analyze_scale_factor = 0.02)",
                "CREATE INDEX \"_corestack_log:xid\" ON " + store.log() + " (xid)",
                "CREATE TABLE " + store.marks() + " (at timestamptz NOT NULL DEFAULT clock_timestamp(),"
                        + " oldest xid8 NOT NULL)",
                "CREATE TABLE " + store.indexes()
                        + " (collection text NOT NULL, name text NOT NULL, terms text NOT NULL,"
                        + " is_unique boolean NOT NULL, is_sparse boolean NOT NULL, expire bigint)",
                "CREATE TABLE " + store.meta() + " (format integer NOT NULL, store text NOT NULL,"
                        + " cluster text NOT NULL, floor xid8 NOT NULL)",
                describing(store)));
        return statements;
    }

    /** Says what the store is, where nothing does so yet. */
    private static String describing(StoreName store) {
        return "INSERT INTO " + store.meta() + " SELECT " + FORMAT + ", replace(gen_random_uuid()::text, '-', ''), "
                + Backend.CLUSTER + " || '-' || " + Names.literal(store.log()) + "::regclass::oid, '0' FROM "
                + Backend.SERVER + " WHERE NOT EXISTS (SELECT 1 FROM " + store.meta() + ")";
    }

    /** The statements that make a collection's table. */
    static List<String> collectionStatements(CollectionName name) {
        return List.of(
                "CREATE TABLE " + name.table()
                        + " (key bytea NOT NULL, record jsonb, version bigint NOT NULL, doc jsonb NOT NULL,"
                        + " longs text, CONSTRAINT " + Names.quote(name.primaryKey()) + " PRIMARY KEY (key))",
                "COMMENT ON TABLE " + name.table() + " IS " + Names.literal(COLLECTION));
    }

    /** Makes a collection, and its store, where they are missing. */
    void ensure(CollectionName name, Deadline deadline) {
        pool.inTransaction(deadline, making(name), session -> ensure(session, name));
    }

    /** Does so for somebody who has a connection already. */
    void ensureApart(CollectionName name, Deadline deadline) {
        pool.inOwnTransaction(deadline, making(name), session -> ensure(session, name));
    }

    private static String making(CollectionName name) {
        return "making the collection " + name;
    }

    private boolean ensure(Session session, CollectionName name) throws SQLException {
        session.lock(store.lock("schema"));
        ensureStore(session);
        if (!isThere(session, name)) {
            for (String statement : collectionStatements(name)) {
                session.update(statement);
            }
        }
        return true;
    }

    /** Keeps images of a collection's changes from now on, or no longer. */
    void keepImages(CollectionName name, boolean keep, Deadline deadline) {
        ensure(name, deadline);
        pool.inTransaction(deadline, (keep ? "keeping images of " : "keeping no images of ") + name, session -> {
            session.lock(store.lock("schema"));
            Images.keep(session, name, keep);
            return true;
        });
    }

    /** Begins the log anew if it was restored from another cluster. */
    void adopt(Deadline deadline) {
        pool.inOwnTransaction(deadline, "beginning the restored log of " + store + " anew", session -> {
            session.lock(store.lock("schema"));
            beginAnewIfCopied(session);
            return true;
        });
    }

    private void ensureStore(Session session) throws SQLException {
        String clash = session.first(
                        "SELECT nspname FROM pg_namespace WHERE lower(nspname) = lower(?) ORDER BY nspname = ? DESC LIMIT 1",
                        List.of(store.schema(), store.schema()),
                        row -> row.getString(1))
                .orElse("");
        if (clash.isEmpty()) {
            session.update("CREATE SCHEMA " + store.quotedSchema());
        } else if (!clash.equals(store.schema())) {
            throw CoreException.failedPrecondition("there can be no store " + store + " beside " + clash
                    + ": two names must differ in more than case");
        }
        if (!session.exists("SELECT 1 WHERE to_regclass(?) IS NOT NULL", store.meta())) {
            for (String statement : storeStatements(store)) {
                session.update(statement);
            }
        }
        checkFormat(session);
        beginAnewIfCopied(session);
    }

    private static String newStoreId() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    private void checkFormat(Session session) throws SQLException {
        int format = session.query(
                "SELECT format FROM " + store.meta(), List.of(), rows -> rows.next() ? rows.getInt(1) : FORMAT);
        if (format > FORMAT) {
            throw CoreException.unsupported("the store " + store + " has the format " + format
                    + " of a newer version of the library; this one knows " + FORMAT);
        }
    }

    /** Rows that were restored name transactions of another cluster, or are behind: they would come at odd times. */
    private void beginAnewIfCopied(Session session) throws SQLException {
        session.update(describing(store));
        String here = whereWritten(session);
        if (session.exists("SELECT 1 FROM " + store.meta() + " WHERE cluster <> ?", here)) {
            session.update("DELETE FROM " + store.log());
            session.update("DELETE FROM " + store.marks());
            if (Images.areThere(session, store)) {
                session.update("DELETE FROM " + store.images());
            }
            session.update("UPDATE " + store.meta() + " SET store = ?, cluster = ?, floor = '0'", newStoreId(), here);
            // Versions that were given behind the backup must not come again.
            session.exists(
                    "SELECT setval(" + Names.literal(store.sequence()) + ", " + store.nextSeq() + " + " + LEAP
                            + ") WHERE has_sequence_privilege(?, 'UPDATE')",
                    store.sequence());
        }
    }

    /** The cluster, the database, and the log's table, which a restore makes anew. */
    private String whereWritten(Session session) throws SQLException {
        return session.cluster() + "-"
                + session.first("SELECT ?::regclass::oid::text", List.of(store.log()), row -> row.getString(1))
                        .orElseThrow();
    }

    private boolean isThere(Session session, CollectionName name) throws SQLException {
        List<String> found = session.query(
                "SELECT c.relname, obj_description(c.oid, 'pg_class') FROM pg_class c"
                        + " JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE n.nspname = ? AND lower(c.relname) = lower(?) ORDER BY c.relname = ? DESC LIMIT 1",
                List.of(store.schema(), name.collection(), name.collection()),
                rows -> rows.next() ? java.util.Arrays.asList(rows.getString(1), rows.getString(2)) : List.of());
        if (found.isEmpty()) {
            return false;
        }
        boolean ours = COLLECTION.equals(found.get(1));
        if (ours && found.get(0).equals(name.collection())) {
            return true;
        }
        throw new CoreException(
                ErrorCode.FAILED_PRECONDITION,
                ours
                        ? "there can be no " + name + " beside " + found.get(0)
                                + ": two names must differ in more than case"
                        : "the schema " + store.schema() + " has a table or index " + found.get(0)
                                + " that is not Core Stack's; give the collection another name");
    }

    /** The names of the stores that have collections. */
    static Set<String> stores(Pool pool, Deadline deadline) {
        return pool.read(
                deadline,
                "listing the stores",
                session -> session.query(
                        "SELECT DISTINCT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                                + " WHERE obj_description(c.oid, 'pg_class') = ?",
                        List.of(COLLECTION),
                        rows -> {
                            Set<String> names = new TreeSet<>();
                            while (rows.next()) {
                                names.add(Names.store(rows.getString(1)));
                            }
                            return names;
                        }));
    }

    /** The names of the store's collections. */
    Set<String> collections(Deadline deadline) {
        return pool.read(
                deadline,
                "listing the collections of " + store,
                session -> session.query(
                        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                                + " WHERE n.nspname = ? AND obj_description(c.oid, 'pg_class') = ?",
                        List.of(store.schema(), COLLECTION),
                        rows -> {
                            List<String> names = new ArrayList<>();
                            while (rows.next()) {
                                names.add(rows.getString(1));
                            }
                            return new TreeSet<>(names);
                        }));
    }
}
