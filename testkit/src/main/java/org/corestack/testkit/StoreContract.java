package org.corestack.testkit;

/**
 * What an engine must do, as tests. An engine runs them all by one subclass in its own tests, which says where fresh
 * databases are and which capabilities the engine declares:
 *
 * <pre>{@code
 * class SqliteStoreContractTest extends StoreContract {
 *     @TempDir Path folder;
 *     private int databases;
 *
 *     @Override protected String freshDatabase() {
 *         return "sqlite:" + folder.resolve("contract-" + databases++ + ".db");
 *     }
 *
 *     @Override protected Set<Capability> capabilities() {
 *         return Set.of(Capability.TRANSACTIONS);
 *     }
 * }
 * }</pre>
 *
 * <p>The tests use nothing but the public façade, and stand in a ladder of abstract classes, one theme each. What an
 * engine does not declare is skipped, with the reason; {@link #skipped} lists it.
 */
public abstract class StoreContract extends EventContract {
    /** For subclasses. */
    protected StoreContract() {}
}
