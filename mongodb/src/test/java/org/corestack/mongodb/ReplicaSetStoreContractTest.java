package org.corestack.mongodb;

import java.util.Set;
import org.corestack.store.spi.Capability;
import org.corestack.testkit.StoreContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The contract of stores on a real replica set, where one is named. */
@EnabledIfSystemProperty(
        named = ReplicaSet.PROPERTY,
        matches = "mongodb.+",
        disabledReason = "no replica set is named by " + ReplicaSet.PROPERTY)
class ReplicaSetStoreContractTest extends StoreContract {
    private final ReplicaSet set = new ReplicaSet();

    @Override
    protected String freshDatabase() {
        return set.freshDatabase();
    }

    @AfterEach
    void dropDatabases() {
        set.drop();
    }

    @Override
    protected Set<Capability> capabilities() {
        return Set.of(Capability.TRANSACTIONS);
    }
}
