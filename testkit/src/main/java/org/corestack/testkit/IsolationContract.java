package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.store.StoreCollection;
import org.junit.jupiter.api.Test;

/** What transactions, and writes beside them, see of each other. */
abstract class IsolationContract extends TransactionContract {
    private static final Key A = Key.of("a");
    private static final Key B = Key.of("b");
    private static final FieldPath N = FieldPath.of("n");
    private static final Filter ONE = Filter.compare(N, Filter.Operator.EQ, 1);
    /** How long a transaction waits for what may have to wait for it. */
    private static final Duration CHANCE = Duration.ofMillis(60);

    private interface Act {
        Object on(StoreCollection collection);
    }

    private static boolean await(CountDownLatch latch, Duration time) throws InterruptedException {
        return latch.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Test
    @Need.Of(Need.SERIALIZABLE_TRANSACTIONS)
    void twoDoNotBothDecideByWhatTheOtherChanges() {
        for (int round = 0; round < 6; round++) {
            things().upsert(A, Document.of("n", 1), Set.of());
            things().upsert(B, Document.of("n", 1), Set.of());
            boolean byKey = round % 2 == 0;
            CountDownLatch both = new CountDownLatch(2);
            List<Callable<Boolean>> threads = new ArrayList<>();
            for (Key own : List.of(A, B)) {
                Key other = own.equals(A) ? B : A;
                threads.add(() -> store().inTransaction(transaction -> {
                    StoreCollection inside = transaction.collection("things");
                    boolean free = byKey
                            ? inside.find(other).orElseThrow().document().get("n", Integer.class) == 1
                            : inside.count(ONE) == 2;
                    both.countDown();
                    try {
                        await(both, CHANCE);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    if (free) {
                        inside.patch(own, Patch.set(N, 0), Condition.none());
                    }
                    return free;
                }));
            }
            assertThat(together(threads)).containsExactlyInAnyOrder(true, false);
            assertThat(things().count(ONE)).isEqualTo(1);
        }
    }

    @Test
    @Need.Of(Need.TRANSACTIONS)
    void aDocumentThatIsReplacedWithinOneIsThereAllTheTime() {
        Condition small = Condition.matching(Filter.compare(N, Filter.Operator.LT, 100));
        List<Act> acts = List.of(
                on -> on.patch(A, Patch.increment(N, 1), Condition.none()),
                on -> on.update(A, Document.of("m", 1), Set.of(), small),
                on -> on.replace(A, Document.of("n", 3), Condition.none()),
                on -> on.replace(A, Document.of("n", 3), small),
                on -> on.delete(A, small).orElseThrow(),
                on -> on.delete(A, Condition.none()).orElseThrow());
        for (Act act : acts) {
            things().upsert(A, Document.of("n", 1), Set.of());
            CountDownLatch begun = new CountDownLatch(1);
            List<Callable<Object>> threads = new ArrayList<>();
            threads.add(() -> store().inTransaction(transaction -> {
                StoreCollection inside = transaction.collection("things");
                inside.delete(A, Condition.none());
                inside.insert(A, Document.of("n", 2));
                begun.countDown();
                Await.pause(CHANCE); // a chance for the other to begin to wait
                return true;
            }));
            threads.add(() -> {
                assertThat(await(begun, PATIENCE)).isTrue();
                return act.on(things());
            });
            // Where it lost, the transaction was done anew behind the act; what matters is that none of them misses A.
            together(threads);
        }
    }
}
