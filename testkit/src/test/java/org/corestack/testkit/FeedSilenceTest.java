package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.corestack.document.Document;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.StoreClient;
import org.corestack.store.Watch;
import org.corestack.store.WatchOptions;
import org.corestack.store.spi.Capability;
import org.corestack.testkit.reference.Faults;
import org.corestack.testkit.reference.ReferenceProvider;
import org.junit.jupiter.api.Test;

/** A database that says nothing, and one that only fails: the lag grows, and the health says so. */
class FeedSilenceTest extends ContractBase {
    private static final WatchOptions ALL = WatchOptions.ofDefaults();
    private static final Duration LITTLE = Duration.ofSeconds(3);

    private final CountDownLatch stall = new CountDownLatch(1);

    @Override
    protected String freshDatabase() {
        return "reference:" + UUID.randomUUID();
    }

    @Override
    protected Set<Capability> capabilities() {
        return Set.of(Capability.EXACT_SNAPSHOT);
    }

    private static Faults faults(String uri) {
        return ReferenceProvider.database(uri).faults();
    }

    private static void awaitUnhealthy(StoreClient client) {
        awaitThat("the health to show it", () -> codeOf(client::healthCheck) == ErrorCode.UNAVAILABLE);
    }

    @Test
    void silenceAndFailuresRaiseTheLagAndShowInTheHealth() {
        Faults silent = faults(uri());
        String other = freshDatabase();
        StoreClient failing = openClient(other, "failing");
        try (Watch sharing = things().watch(ALL, change -> {})) {
            awaitThat("a shared reader", () -> silent.opened() > 1 && silent.readers() == 1);
            client().healthCheck();
            silent.stallReads(stall);
            faults(other).failReads(Integer.MAX_VALUE, FeedSilenceTest::down);
            try (Watch alone = things().watch(ALL, change -> {});
                    Watch failed = thingsOf(failing).watch(ALL, change -> {})) {
                awaitThat("both to be held", () -> silent.stalled() == 2);
                Written meanwhile = things().insert(key("meanwhile"), Document.empty());
                awaitUnhealthy(client());
                awaitUnhealthy(failing);
                assertThat(sharing.lag()).isGreaterThan(Duration.ofSeconds(5));
                assertThat(alone.lag()).isGreaterThan(Duration.ofSeconds(4));
                assertThat(failed.lag()).isGreaterThan(Duration.ofSeconds(4));
                assertThatThrownBy(client()::healthCheck).hasMessageContaining("no answer");
                assertThatThrownBy(failing::healthCheck).hasMessageContaining("the database is down");
                assertHealed(sharing, alone, meanwhile);
            }
        } finally {
            stall.countDown();
        }
        failing.healthCheck(); // what nobody watches is no matter
    }

    private void assertHealed(Watch sharing, Watch alone, Written meanwhile) {
        assertThat(alone.covers(meanwhile.position())).isFalse();
        stall.countDown();
        for (Watch watch : new Watch[] {sharing, alone}) {
            awaitThat("what was written meanwhile", () -> watch.covers(meanwhile.position()));
            awaitThat("little lag", () -> watch.lag().compareTo(LITTLE) < 0);
        }
        awaitThat("health", () -> codeOf(client()::healthCheck) == null);
    }

    private static CoreException down() {
        return new CoreException(ErrorCode.UNAVAILABLE, "the database is down");
    }
}
