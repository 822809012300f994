package org.corestack.mongodb;

import com.mongodb.client.MongoClient;
import org.corestack.store.spi.Deadline;

/** Whether a server is one that the engine can work with. */
interface ServerCheck {
    /**
     * Returns if it is.
     *
     * @throws org.corestack.errors.CoreException UNSUPPORTED if it is not, saying what would be
     * @throws com.mongodb.MongoException if it can't be asked
     */
    void check(MongoClient client, Deadline deadline);
}
