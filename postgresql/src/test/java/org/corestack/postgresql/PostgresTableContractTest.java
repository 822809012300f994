package org.corestack.postgresql;

import java.util.Set;
import org.corestack.store.spi.Capability;
import org.corestack.testkit.TableContract;

/** Tables on PostgreSQL. */
class PostgresTableContractTest extends TableContract {
    @Override
    protected String freshDatabase() {
        return Server.uri(Server.freshDatabase());
    }

    @Override
    protected Set<Capability> capabilities() {
        return Set.of(Capability.TRANSACTIONS, Capability.SERIALIZABLE_TRANSACTIONS, Capability.EXACT_IMAGES);
    }
}
