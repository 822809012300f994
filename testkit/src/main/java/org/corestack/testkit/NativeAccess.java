package org.corestack.testkit;

import org.corestack.document.Key;
import org.corestack.store.StoreClient;

/** Gives the contract an engine's native handles, as its users have them. */
public interface NativeAccess {
    /**
     * A handle to open a client on, as {@link StoreClient#on} takes it, of the database of a client. The tests close what
     * it gives if it is {@link AutoCloseable}.
     */
    Object handle(StoreClient client);

    /**
     * Begins a transaction on a native handle of a client's database.
     *
     * @return the transaction; the tests call it only where the engine declares transactions
     */
    NativeTransaction begin(StoreClient client);

    /**
     * Makes a stored document one that the engine can't read, as another program or a repair by hand could, without a write
     * of the library's.
     *
     * @param client a client of the database
     * @param store the store's name
     * @param collection the collection's name
     * @param key which document; there is one
     */
    void spoil(StoreClient client, String store, String collection, Key key);

    /** A transaction that the tests have begun beside the library. */
    interface NativeTransaction extends AutoCloseable {
        /** What {@code Store.inTransaction} takes. */
        Object handle();

        /** Commits; the handle has no transaction then. */
        void commit();

        /** Rolls back; the handle has no transaction then. */
        void rollback();

        /** Frees the handle. */
        @Override
        void close();
    }
}
