package org.corestack.mongodb;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.corestack.store.spi.Capability;
import org.corestack.testkit.NativeAccess;
import org.corestack.testkit.PlanReader;
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
    private String uri = "mongodb://127.0.0.1";

    @Override
    protected String freshDatabase() {
        uri = set.freshDatabase();
        return uri;
    }

    @AfterEach
    void dropDatabases() {
        set.drop();
    }

    @Override
    protected Set<Capability> capabilities() {
        return ReplicaSet.capabilities();
    }

    @Override
    protected Optional<NativeAccess> nativeAccess() {
        return Optional.of(new Handles(uri));
    }

    @Override
    protected boolean opensInOtherProcesses() {
        return true;
    }

    @Override
    protected Optional<PlanReader> planReader() {
        return Optional.of(new MongoPlans(uri));
    }

    @Override
    protected Map<String, String> skips() {
        return Map.of(
                "anIndexServesTheOrderOfItsPathBothWays",
                "the servers read an index in its order and in the reverse, so that one by a path and then by key does not"
                        + " serve the path downwards and then the key; a descending index does");
    }

    /** When such a write is done, nobody knows yet at which moment the servers will commit it. */
    @Override
    protected boolean tellsTransactionsAgain() {
        return true;
    }

    /** The servers look for what has expired once a minute. */
    @Override
    protected Duration expiryPatience() {
        return Duration.ofMinutes(3);
    }
}
