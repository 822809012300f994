package org.corestack.cli.demo.replica;

/**
 * What a replica is told at its start: the first line on its standard input, as the URI may hold a password and
 * arguments can be seen by all.
 *
 * @param name its name, the source identifier of its changes
 * @param store the URI of the store
 * @param folder the run's temporary folder, which the replica deletes if the demo dies
 * @param seed shuffles the order in which it takes the keys
 * @param fault what it does wrong on purpose, for tests
 * @param faultKey the key of the record that it does wrong
 */
public record ReplicaSettings(String name, String store, String folder, long seed, Fault fault, String faultKey) {}
