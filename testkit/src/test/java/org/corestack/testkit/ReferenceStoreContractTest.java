package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.corestack.document.Key;
import org.corestack.store.StoreClient;
import org.corestack.store.spi.Capability;
import org.corestack.testkit.reference.ReferenceDatabase;
import org.corestack.testkit.reference.ReferenceSession;
import org.junit.jupiter.api.Test;

/** The contract itself, on the engine that is nothing but the meaning. */
class ReferenceStoreContractTest extends StoreContract {
    @Override
    protected String freshDatabase() {
        return "reference:" + UUID.randomUUID();
    }

    @Override
    protected Set<Capability> capabilities() {
        return Set.of(Capability.EXACT_SNAPSHOT, Capability.EXACT_IMAGES, Capability.TRANSACTIONS);
    }

    @Override
    protected Optional<NativeAccess> nativeAccess() {
        return Optional.of(new Sessions());
    }

    /** That no other test was skipped than those listed here is asked by the contract itself. */
    @Test
    void whatIsSkippedIsListed() {
        assertThat(skipped().keySet())
                .containsExactly(
                        "aCompoundIndexServesItsFirstPathsAndTheOrderOfTheNext",
                        "anIndexServesEveryComparisonOfEveryType",
                        "anIndexServesTheOrderOfItsPathBothWays",
                        "changesBehindAStoppedWatcherNeedNoMemory",
                        "fourProcessesHammerOneCollection",
                        "keysAreFoundAndOrderedWithoutAnIndexOfOnesOwn",
                        "twoDoNotBothDecideByWhatTheOtherChanges",
                        "uniqueAndSparseIndexesServeWhatTheyHold");
        assertThat(skipped().values())
                .containsOnly(
                        Need.PLANS.otherwise(), Need.PROCESSES.otherwise(), Need.SERIALIZABLE_TRANSACTIONS.otherwise());
    }

    private static final class Sessions implements NativeAccess {
        @Override
        public Object handle(StoreClient client) {
            return client.unwrap(ReferenceDatabase.class);
        }

        @Override
        public void spoil(StoreClient client, String store, String collection, Key key) {
            client.unwrap(ReferenceDatabase.class).spoil(store, collection, key);
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
