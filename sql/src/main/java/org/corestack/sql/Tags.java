package org.corestack.sql;

/** The names that mark the types which JSON does not have. */
final class Tags {
    static final String INSTANT = "$t";
    static final String UUID = "$u";
    static final String BYTES = "$b";
    static final String DECIMAL = "$d";
    static final String DOUBLE = "$f";
    static final String NEAREST = "$n";
    static final String REST = "$r";

    private Tags() {}

    /** A user's field name as it stands in the JSON: no tag can be mistaken for it. */
    static String escape(String name) {
        return name.charAt(0) == '$' ? '$' + name : name;
    }

    /** The user's field name again. */
    static String unescape(String name) {
        return name.startsWith("$") ? name.substring(1) : name;
    }
}
