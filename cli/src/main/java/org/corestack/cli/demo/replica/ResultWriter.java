package org.corestack.cli.demo.replica;

import org.corestack.cli.demo.register.Description;

/** Writes descriptions. */
@FunctionalInterface
interface ResultWriter {
    /** Inserts a description; ALREADY_EXISTS if another was first. */
    void insert(String key, Description description);
}
