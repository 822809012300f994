package org.corestack.postgresql;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** The names that stores, collections and indexes have in the database. */
final class Names {
    /** The most bytes that PostgreSQL keeps of a name; it would cut a longer one without a word. */
    private static final int MOST = 63;

    private static final int HASH = 16;

    private Names() {}

    private static final String PREFIX = "corestack.";

    /** The schema of a store. What PostgreSQL keeps for itself gets a prefix that no store can have. */
    static String schema(String store) {
        String lower = store.toLowerCase(Locale.ROOT); // as two that differ only in case must clash
        return lower.startsWith("pg_") || lower.equals("information_schema") ? PREFIX + store : store;
    }

    /** The store of a schema that is one's. */
    static String store(String schema) {
        return schema.startsWith(PREFIX) ? schema.substring(PREFIX.length()) : schema;
    }

    /** A name for use in SQL. */
    static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A text for use in SQL, of checked names only. */
    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** The name itself where it fits; else its beginning and a hash of all of it. Of ASCII letters. */
    static String fitting(String name) {
        return name.length() <= MOST
                ? name
                : name.substring(0, MOST - HASH - 1) + "." + hash(name).substring(0, HASH);
    }

    /** Whether a name may be a beginning with a hash. */
    static boolean isShortened(String name) {
        return name.length() == MOST;
    }

    /** A number of 64 bits for a lock on what the text says. Two that have one number wait for each other in vain. */
    static long lock(byte[] text) {
        return java.nio.ByteBuffer.wrap(sha256(text)).getLong();
    }

    private static String hash(String text) {
        return HexFormat.of().formatHex(sha256(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
