package org.corestack.sqlite;

/** What a confirmed write survives. */
enum Durability {
    /** The loss of power: each commit waits for the disk. */
    POWER("FULL"),
    /** The death of the process, but not that of the machine, which may lose the last confirmed writes. */
    PROCESS("NORMAL"),
    /** Nothing: for a temporary file, which its process does not survive either. */
    NONE("OFF");

    private final String synchronous;

    Durability(String synchronous) {
        this.synchronous = synchronous;
    }

    /** The value of SQLite's {@code PRAGMA synchronous}. */
    String synchronous() {
        return synchronous;
    }
}
