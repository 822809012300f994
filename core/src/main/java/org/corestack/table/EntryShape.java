package org.corestack.table;

/** How the entries and keys of a table look in the database. All who use a collection have to agree on it. */
public enum EntryShape {
    /** Fields are named as the components of the type, and each value has the database's own type for it. */
    NATIVE,
    /**
     * As the Go library {@code core} and its driver for MongoDB write them where nothing else is said: names in lower case
     * ({@code createTime} is kept as {@code createtime}; {@code @JsonProperty} says another name, as a {@code bson} tag does
     * in Go), UUIDs as 16 bytes, durations as whole nanoseconds, and keys only as records, as that library takes no others.
     */
    GO
}
