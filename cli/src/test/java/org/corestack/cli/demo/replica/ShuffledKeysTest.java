package org.corestack.cli.demo.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.corestack.reconcile.Keys;
import org.corestack.reconcile.MemorySource;
import org.junit.jupiter.api.Test;

class ShuffledKeysTest {
    private final MemorySource<Integer> source = new MemorySource<>();

    @Test
    void replicasListTheSameKeysInOrdersOfTheirOwn() throws Exception {
        List<Integer> keys = IntStream.range(0, 1_000).boxed().toList();
        keys.forEach(source::put);
        List<Integer> first = list(1);
        assertThat(first).containsExactlyInAnyOrderElementsOf(keys).isNotEqualTo(keys);
        assertThat(list(2)).containsExactlyInAnyOrderElementsOf(keys).isNotEqualTo(first);
        assertThat(list(1)).isEqualTo(first);
    }

    private List<Integer> list(long seed) throws Exception {
        List<Integer> listed = new ArrayList<>();
        try (Keys<Integer> keys = new ShuffledKeys<>(source, seed).keys()) {
            keys.forEachRemaining(listed::add);
        }
        return listed;
    }
}
