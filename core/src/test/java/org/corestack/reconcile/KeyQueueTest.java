package org.corestack.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The rules of the queue, one by one. */
class KeyQueueTest {
    private static final Duration TEN = Duration.ofNanos(10);

    private final KeyQueue<String> queue = queue(new Backoff(TEN, Duration.ofNanos(80), 2, 0, 3));

    private static KeyQueue<String> queue(Backoff backoff) {
        return new KeyQueue<>(backoff, new SplittableRandom(1));
    }

    private Node<String> run(String key, long now) {
        queue.changed(key, 0, now);
        Node<String> node = queue.take();
        assertThat(node.key).isEqualTo(key);
        return node;
    }

    @Test
    void aKeyThatWaitsWaitsOnce() {
        queue.changed("a", 0, 0);
        queue.changed("a", 0, 1);
        assertThat(queue.take().key).isEqualTo("a");
        assertThat(queue.take()).isNull();
    }

    @Test
    void keysWaitInTheOrderInWhichTheyCame() {
        queue.changed("a", 0, 0);
        queue.changed("b", 0, 1);
        queue.changed("a", 0, 2);
        assertThat(queue.take().key).isEqualTo("a");
        assertThat(queue.take().key).isEqualTo("b");
    }

    @Test
    void aChangeDuringTheRunBringsTheKeyBackOnceAndNotBefore() {
        Node<String> node = run("a", 0);
        queue.changed("a", 0, 1);
        queue.changed("a", 7, 2);
        assertThat(queue.take()).isNull();
        queue.finished(node, Result.done(), 3);
        assertThat(queue.take().key).isEqualTo("a");
        assertThat(queue.take()).isNull();
    }

    @Test
    void aKeyThatIsDoneIsForgotten() {
        queue.finished(run("a", 0), Result.done(), 1);
        assertThat(queue.size()).isZero();
    }

    @Test
    void aMillionTerminalKeysLeaveNothing() {
        Exception error = new Exception("once");
        for (int i = 0; i < 1_000_000; i++) {
            queue.changed("key-" + i, 0, i);
            queue.failed(queue.take(), error, i);
            queue.clock(i + 10L);
            queue.finished(queue.take(), Result.done(), i + 10L);
        }
        assertThat(queue.size()).isZero();
        assertThat(queue.stats()).isEqualTo(new ControllerStats(0, 0, 0, 0, 2_000_000, 1_000_000));
    }

    @Test
    void aDelayedKeyRunsAtItsDeadlineAndNotANanosecondBefore() {
        queue.finished(run("a", 0), Result.requeueAfter(TEN), 5);
        queue.clock(14);
        assertThat(queue.take()).isNull();
        queue.clock(15);
        assertThat(queue.take().key).isEqualTo("a");
    }

    @Test
    void newsCancelsADelay() {
        queue.finished(run("a", 0), Result.requeueAfter(TEN), 0);
        queue.finished(run("a", 3), Result.done(), 4);
        queue.clock(100);
        assertThat(queue.take()).isNull();
        assertThat(queue.size()).isZero();
    }

    @Test
    void theNearerOfTwoDeadlinesWins() {
        queue.askedFor("a", 20);
        queue.askedFor("a", 10);
        queue.askedFor("a", 30);
        assertThat(queue.nextDue().deadline).isEqualTo(10);
        assertThat(queue.stats().delayed()).isEqualTo(1);
        Node<String> node = run("b", 0);
        queue.askedFor("b", 5);
        queue.finished(node, Result.requeueAfter(TEN), 0);
        assertThat(queue.nextDue().deadline).isEqualTo(5);
    }

    @Test
    void failuresAreRetriedLaterAndLaterAndThenParked() {
        Node<String> node = run("a", 0);
        queue.failed(node, new Exception("one"), 0);
        assertThat(node.deadline).isEqualTo(10);
        queue.clock(10);
        queue.failed(queue.take(), new Exception("two"), 10);
        assertThat(node.deadline).isEqualTo(30);
        queue.clock(30);
        Exception last = new Exception("three");
        queue.failed(queue.take(), last, 30);
        assertThat(queue.parked()).containsExactly(node);
        assertThat(node.past().error).isSameAs(last);
        assertThat(node.failures()).isEqualTo(3);
        queue.clock(1_000_000);
        assertThat(queue.take()).isNull();
    }

    @Test
    void successGivesANewBudget() {
        Node<String> node = run("a", 0);
        queue.failed(node, new Exception(), 0);
        queue.clock(10);
        queue.finished(queue.take(), Result.requeueAfter(TEN), 10);
        queue.clock(20);
        queue.failed(queue.take(), new Exception(), 20);
        assertThat(node.failures()).isEqualTo(1);
        assertThat(node.deadline).isEqualTo(30);
    }

    @Test
    void requeueDelaysLikeAFailureButUsesUpNoBudget() {
        Node<String> node = run("a", 0);
        long now = 0;
        for (int i = 0; i < 10; i++) {
            queue.finished(node, Result.requeue(), now);
            now = node.deadline;
            queue.clock(now);
            assertThat(queue.take()).isSameAs(node);
        }
        assertThat(now).isEqualTo(10 + 20 + 40 + 80 * 7);
        assertThat(queue.stats().failures()).isZero();
    }

    @Test
    void requeueDoesNotEndARunOfFailures() {
        Node<String> node = run("a", 0);
        for (int i = 0; i < 3; i++) {
            queue.failed(node, new Exception(), 0);
            queue.clock(1_000);
            if (queue.take() != null) {
                queue.finished(node, Result.requeue(), 0);
                queue.clock(1_000);
                queue.take();
            }
        }
        assertThat(queue.parked()).containsExactly(node);
    }

    @Test
    void aChangeByAnotherFreesAParkedKeyWithANewBudget() {
        Node<String> node = parked();
        queue.changed("a", 99, 500);
        assertThat(queue.take()).isSameAs(node);
        queue.failed(node, new Exception(), 500);
        assertThat(node.phase).isEqualTo(Node.Phase.DELAYED);
        assertThat(node.failures()).isEqualTo(1);
    }

    @Test
    void aChangeThatItsOwnRunWroteDoesNotFreeAParkedKey() {
        Node<String> node = run("a", 0);
        queue.wrote(node, 7);
        queue.finished(node, Result.park("no use"), 0);
        queue.changed("a", 7, 1);
        queue.changed("a", 7, 2);
        assertThat(queue.parked()).containsExactly(node);
        queue.changed("a", 8, 3);
        assertThat(queue.take()).isSameAs(node);
    }

    @Test
    void anOwnWriteLeavesTheBackOffAsItIs() {
        Node<String> node = run("a", 0);
        for (int i = 0; i < 3; i++) {
            queue.changed("a", i + 1, 0); // The feed may be faster than the answer to the write.
            queue.wrote(node, i + 1);
            queue.failed(node, new Exception(), 0);
            queue.changed("a", i + 1, 1);
            queue.clock(1_000);
            queue.take();
        }
        assertThat(queue.parked()).containsExactly(node);
    }

    @Test
    void anOwnWriteDoesNotBringADelayForward() {
        Node<String> node = run("a", 0);
        queue.wrote(node, 1);
        queue.finished(node, Result.requeueAfter(TEN), 0);
        queue.changed("a", 1, 1);
        assertThat(queue.take()).isNull();
        assertThat(node.deadline).isEqualTo(10);
    }

    @Test
    void anOwnWriteRunsTheKeyOnceMoreIfAllWentWell() {
        Node<String> node = run("a", 0);
        queue.wrote(node, 1);
        queue.changed("a", 1, 0);
        queue.finished(node, Result.done(), 1);
        assertThat(queue.take()).isNotNull();
    }

    @Test
    void newsAfterAFailureWaitsForTheFirstDelayAndStartsTheBudgetAnew() {
        Node<String> node = run("a", 0);
        queue.failed(node, new Exception(), 0);
        queue.clock(10);
        queue.failed(queue.take(), new Exception(), 10);
        assertThat(node.deadline).isEqualTo(30);
        queue.changed("a", 0, 11);
        queue.changed("a", 0, 12);
        assertThat(node.deadline).as("ten after the failure").isEqualTo(20);
        queue.clock(20);
        queue.failed(queue.take(), new Exception(), 20);
        assertThat(node.failures()).isEqualTo(1);
        queue.changed("a", 0, 31);
        assertThat(queue.take()).as("the first delay is over").isSameAs(node);
    }

    @Test
    void aRunThatFailedOnOldNewsIsNotParkedForIt() {
        KeyQueue<String> strict = queue(new Backoff(TEN, TEN, 2, 0, 1));
        strict.changed("a", 0, 0);
        Node<String> node = strict.take();
        strict.changed("a", 0, 1);
        strict.failed(node, new Exception(), 2);
        assertThat(strict.parked()).isEmpty();
        strict.clock(12);
        assertThat(strict.take()).isSameAs(node);
    }

    @Test
    void aGapBringsBackWhatIsRememberedAndNoLongerListed() {
        Node<String> parked = parked();
        queue.finished(run("delayed", 500), Result.requeueAfter(Duration.ofDays(1)), 500);
        Node<String> running = run("running", 500);
        queue.missed(500);
        assertThat(queue.take()).isSameAs(parked);
        assertThat(queue.take().key).isEqualTo("delayed");
        assertThat(queue.take()).isNull();
        queue.finished(running, Result.done(), 501);
        assertThat(queue.take().key).isEqualTo("running");
    }

    @Test
    void aResyncRunsAllButWhatFailsOrIsParked() {
        Node<String> parked = parked();
        queue.finished(run("delayed", 500), Result.requeueAfter(Duration.ofDays(1)), 500);
        queue.failed(run("failing", 500), new Exception(), 500);
        for (String key : new String[] {"a", "delayed", "failing", "idle"}) {
            queue.resynced(key);
        }
        assertThat(queue.take().key).isEqualTo("delayed");
        assertThat(queue.take().key).isEqualTo("idle");
        assertThat(queue.take()).isNull();
        assertThat(parked.phase).isEqualTo(Node.Phase.PARKED);
    }

    @Test
    void resumeFreesAParkedKeyAndNoOther() {
        Node<String> node = parked();
        assertThat(queue.resume("b")).isFalse();
        assertThat(queue.resume("a")).isTrue();
        assertThat(queue.resume("a")).isFalse();
        assertThat(queue.take()).isSameAs(node);
        assertThat(queue.parked()).isEmpty();
    }

    /** Key "a", which has used up its budget by the time of 30. */
    private Node<String> parked() {
        Node<String> node = run("a", 0);
        queue.failed(node, new Exception(), 0);
        queue.clock(10);
        queue.failed(queue.take(), new Exception(), 10);
        queue.clock(30);
        queue.failed(queue.take(), new Exception(), 30);
        assertThat(node.phase).isEqualTo(Node.Phase.PARKED);
        return node;
    }
}
