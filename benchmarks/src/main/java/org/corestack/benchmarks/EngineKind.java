package org.corestack.benchmarks;

/** What can be measured. */
enum EngineKind {
    /** Files in a temporary folder. */
    SQLITE,
    /** A server of our own, whose commits are durable. */
    POSTGRESQL,
    /** A replica set that the user names, in databases of ours that are dropped. */
    MONGODB;

    /** What the options say of {@link #MONGODB}. */
    static final String NOT_NAMED = "MONGODB: not measured, as no replica set is named by --mongodb";
}
