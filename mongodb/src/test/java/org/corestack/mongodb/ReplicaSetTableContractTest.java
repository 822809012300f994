package org.corestack.mongodb;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.corestack.store.spi.Capability;
import org.corestack.testkit.NativeAccess;
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

    /** The servers look for what has expired once a minute. */
    @Override
    protected Duration expiryPatience() {
        return Duration.ofMinutes(3);
    }
}
