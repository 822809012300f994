package org.corestack.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlinesTest {

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theFirstIsAlwaysTheNearestAndNothingIsLeftBehind(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long start = Long.MAX_VALUE - 5_000; // The clock overflows on the way.
        Deadlines<Integer> deadlines = new Deadlines<>();
        List<Node<Integer>> in = new ArrayList<>();
        Comparator<Node<Integer>> nearest = Comparator.comparingLong(node -> node.deadline - start);
        for (int i = 0; i < 20_000; i++) {
            int growing = i % 10_000 < 5_000 ? 6 : 2;
            if (in.isEmpty() || random.nextInt(10) < growing) {
                Node<Integer> node = new Node<>(i);
                in.add(node);
                deadlines.add(node, start + random.nextInt(10_000));
            } else if (random.nextBoolean()) {
                deadlines.remove(in.remove(random.nextInt(in.size())));
            } else {
                deadlines.move(in.get(random.nextInt(in.size())), start + random.nextInt(10_000));
            }
            assertThat(deadlines.size()).isEqualTo(in.size());
            if (i % 64 == 0 && !in.isEmpty()) {
                assertThat(deadlines.first().deadline)
                        .isEqualTo(in.stream().min(nearest).orElseThrow().deadline);
            }
        }
        long last = start;
        while (deadlines.size() > 0) {
            Node<Integer> first = deadlines.first();
            assertThat(first.deadline - last).isNotNegative();
            assertThat(in.remove(first)).isTrue();
            last = first.deadline;
            deadlines.remove(first);
            assertThat(first.heapIndex).isEqualTo(-1);
        }
        assertThat(in).isEmpty();
    }
}
