package org.corestack.testkit;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.corestack.store.StoreClient;
import org.corestack.store.spi.Capability;
import org.corestack.testkit.reference.ReferenceDatabase;
import org.corestack.testkit.reference.ReferenceSession;

/** The contract itself, on the engine that is nothing but the meaning. */
class ReferenceStoreContractTest extends StoreContract {
    @Override
    protected String freshDatabase() {
        return "reference:" + UUID.randomUUID();
    }

    @Override
    protected Set<Capability> capabilities() {
        return Set.of(Capability.EXACT_SNAPSHOT, Capability.TRANSACTIONS);
    }

    @Override
    protected Optional<NativeAccess> nativeAccess() {
        return Optional.of(new Sessions());
    }

    private static final class Sessions implements NativeAccess {
        @Override
        public Object handle(StoreClient client) {
            return client.unwrap(ReferenceDatabase.class);
        }

        @Override
        public NativeTransaction begin(StoreClient client) {
            ReferenceSession session = new ReferenceSession(client.unwrap(ReferenceDatabase.class));
            return new NativeTransaction() {
                @Override
                public Object handle() {
                    return session;
                }

                @Override
                public void commit() {
                    session.commit();
                }

                @Override
                public void rollback() {
                    session.rollback();
                }

                @Override
                public void close() {}
            };
        }
    }
}
