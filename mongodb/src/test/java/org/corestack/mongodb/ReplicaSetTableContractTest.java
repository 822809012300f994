package org.corestack.mongodb;

import java.util.Set;
import org.corestack.store.spi.Capability;
import org.corestack.testkit.TableContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The contract of tables on a real replica set, where one is named. */
@EnabledIfSystemProperty(
        named = ReplicaSet.PROPERTY,
        matches = "mongodb.+",
        disabledReason = "no replica set is named by " + ReplicaSet.PROPERTY)
class ReplicaSetTableContractTest extends TableContract {
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
