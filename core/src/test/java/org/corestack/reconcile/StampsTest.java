package org.corestack.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StampsTest {
    private final Stamps stamps = new Stamps();

    @Test
    void theLatestAreKeptAndTheOldestGivenUp() {
        for (long stamp = 1; stamp <= Stamps.BOUND; stamp++) {
            assertThat(stamps.add(stamp)).isTrue();
            assertThat(stamps.add(stamp)).isTrue();
        }
        for (long stamp = Stamps.BOUND + 1; stamp <= 10 * Stamps.BOUND; stamp++) {
            assertThat(stamps.add(stamp)).isFalse();
            assertThat(stamps.contains(stamp)).isTrue();
            assertThat(stamps.contains(stamp - Stamps.BOUND + 1)).isTrue();
            assertThat(stamps.contains(stamp - Stamps.BOUND)).isFalse();
        }
    }

    @Test
    void whatIsTakenOutIsGone() {
        for (long stamp = 1; stamp <= 9; stamp++) {
            stamps.add(stamp);
        }
        assertThat(stamps.remove(3)).isTrue();
        assertThat(stamps.remove(3)).isFalse();
        stamps.add(10);
        for (long stamp = 1; stamp <= 10; stamp++) {
            assertThat(stamps.contains(stamp)).isEqualTo(stamp != 3);
            assertThat(stamps.remove(stamp)).isEqualTo(stamp != 3);
        }
        assertThat(stamps.isEmpty()).isTrue();
        assertThat(stamps.contains(0)).isFalse();
    }
}
