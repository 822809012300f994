package org.corestack.testkit;

import java.util.Set;
import java.util.UUID;
import org.corestack.store.spi.Capability;

/** The contract of tables, on the engine that is nothing but the meaning. */
class ReferenceTableContractTest extends TableContract {
    @Override
    protected String freshDatabase() {
        return "reference:" + UUID.randomUUID();
    }

    @Override
    protected Set<Capability> capabilities() {
        return Set.of(Capability.EXACT_SNAPSHOT, Capability.EXACT_IMAGES, Capability.TRANSACTIONS);
    }
}
