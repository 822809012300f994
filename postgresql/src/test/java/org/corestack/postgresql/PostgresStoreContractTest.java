package org.corestack.postgresql;

import java.util.Optional;
import java.util.Set;
import org.corestack.store.spi.Capability;
import org.corestack.testkit.NativeAccess;
import org.corestack.testkit.StoreContract;

/** The contract on PostgreSQL. */
class PostgresStoreContractTest extends StoreContract {
    @Override
    protected String freshDatabase() {
        return Server.uri(Server.freshDatabase());
    }

    @Override
    protected Set<Capability> capabilities() {
        return Set.of(Capability.TRANSACTIONS, Capability.SERIALIZABLE_TRANSACTIONS, Capability.EXACT_IMAGES);
    }

    @Override
    protected Optional<NativeAccess> nativeAccess() {
        return Optional.of(new Handles());
    }

    @Override
    protected boolean opensInOtherProcesses() {
        return true;
    }
}
