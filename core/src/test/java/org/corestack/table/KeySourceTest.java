package org.corestack.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.corestack.table.Fields.field;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.reconcile.Backoff;
import org.corestack.reconcile.Controller;
import org.corestack.reconcile.KeySink;
import org.corestack.reconcile.KeySource;
import org.corestack.reconcile.KeySubscription;
import org.corestack.reconcile.Keys;
import org.corestack.reconcile.ReconcileContext;
import org.corestack.reconcile.Result;
import org.corestack.store.MemoryEngine;
import org.corestack.store.Store;
import org.corestack.store.StoreClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeySourceTest {
    record Order(String customer, int parcels) {}

    record Customer(String name) {}

    private final StoreClient client = StoreClient.open("memory:");
    private final MemoryEngine engine = client.unwrap(MemoryEngine.class);
    private final Store store = client.store("shop");
    private final Table<String, Order> orders = Table.open(store, "orders", String.class, Order.class);
    private final Table<Integer, Customer> customers = Table.open(store, "customers", Integer.class, Customer.class);

    @AfterEach
    void close() {
        client.close();
    }

    private static class Sink<K> implements KeySink<K> {
        final List<K> keys = new CopyOnWriteArrayList<>();
        final List<Long> stamps = new CopyOnWriteArrayList<>();
        final AtomicInteger relists = new AtomicInteger();
        final List<Throwable> failures = new CopyOnWriteArrayList<>();

        @Override
        public void changed(K key, long stamp) {
            keys.add(key);
            stamps.add(stamp);
        }

        @Override
        public void relist() {
            relists.incrementAndGet();
        }

        @Override
        public void failed(Throwable error) {
            failures.add(error);
        }
    }

    /** Notes the stamps that a view of a table reports. */
    private static final class Context implements ReconcileContext {
        final List<Long> wrote = new ArrayList<>();

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public long observed() {
            return 0;
        }

        @Override
        public void wrote(long stamp) {
            wrote.add(stamp);
        }
    }

    private static <K> List<K> list(KeySource<K> source) throws Exception {
        List<K> listed = new ArrayList<>();
        try (Keys<K> keys = source.keys()) {
            keys.forEachRemaining(listed::add);
        }
        return listed;
    }

    @Test
    void theKeysAreListedBatchByBatch() throws Exception {
        for (int i = 0; i < 10; i++) {
            orders.insert("o-" + i, new Order("c", i));
        }
        assertThat(list(orders)).hasSize(10).startsWith("o-0", "o-1").doesNotHaveDuplicates();
        assertThat(engine.calls()).containsSubsequence("snapshot", "batch", "batch", "batch", "batch", "closed");
        int reads = engine.calls().size();
        try (Keys<String> keys = orders.keys()) {
            assertThat(keys.next()).isEqualTo("o-0");
        }
        assertThat(engine.calls().subList(reads, engine.calls().size())).containsExactly("snapshot", "batch", "closed");
    }

    @Test
    void everyLaterChangeIsReported() throws Exception {
        orders.insert("o-0", new Order("c", 0));
        Sink<String> sink = new Sink<>();
        try (KeySubscription open = orders.subscribe(sink)) {
            orders.insert("o-1", new Order("c", 1));
            orders.patch("o-1", field(Order::parcels).set(2));
            orders.delete("o-1");
            await().untilAsserted(() -> assertThat(sink.keys).containsExactly("o-1", "o-1", "o-1"));
            assertThat(sink.stamps).doesNotHaveDuplicates().doesNotContain(0L);
            open.close();
            orders.insert("o-2", new Order("c", 1));
            assertThat(sink.keys).hasSize(3);
        }
    }

    @Test
    void aControllerSubscribesBeforeItLists() throws Exception {
        orders.insert("o-0", new Order("c", 0));
        CountDownLatch done = new CountDownLatch(1);
        try (Controller<String> controller = Controller.named("orders")
                .source(orders)
                .start((key, context) -> {
                    done.countDown();
                    return Result.done();
                })) {
            assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(controller.name()).isEqualTo("orders");
        }
        assertThat(engine.calls()).containsSubsequence("watch", "snapshot");
        assertThat(engine.calls().indexOf("watch")).isLessThan(engine.calls().indexOf("snapshot"));
    }

    @Test
    void aGapIsListedAnewAfterAWatchFromNow() throws Exception {
        Sink<String> sink = new Sink<>() {
            @Override
            public void relist() {
                orders.insert("o-early", new Order("c", 1)); // behind any list begun before
                super.relist();
            }
        };
        try (KeySubscription open = orders.subscribe(sink)) {
            orders.insert("o-1", new Order("c", 1));
            await().untilAsserted(() -> assertThat(sink.keys).containsExactly("o-1"));
            engine.holdReaders(true);
            orders.insert("o-2", new Order("c", 1));
            engine.forgetHistory();
            engine.holdReaders(false);
            await().untilAsserted(() -> assertThat(sink.relists).hasValue(1));
            orders.insert("o-3", new Order("c", 1));
            await().untilAsserted(() -> assertThat(sink.keys).containsExactly("o-1", "o-early", "o-3"));
            assertThat(sink.failures).isEmpty();
            open.close();
            orders.insert("o-4", new Order("c", 1));
            assertThat(sink.keys).hasSize(3);
        }
    }

    @Test
    void whatCantBeSubscribedToAnewAfterAGapHasFailed() {
        Sink<String> sink = new Sink<>();
        TableSubscription<?> subscription = (TableSubscription<?>) orders.subscribe(sink);
        engine.failWith(new CoreException(ErrorCode.UNAVAILABLE, "gone"));
        subscription.onResync(
                new org.corestack.document.Resync(org.corestack.document.Resync.Reason.HISTORY_TRIMMED, "forgotten"));
        assertThat(sink.failures)
                .singleElement()
                .satisfies(e -> assertThat(ErrorCode.of(e)).isEqualTo(ErrorCode.UNAVAILABLE));
        assertThat(sink.relists).hasValue(0);
        subscription.close();
        subscription.close();
    }

    // Mapped keys

    private KeySource<String> ordersOfCustomers() {
        return customers.keys((id, customer) ->
                customer == null ? List.of("all-" + id) : List.of(customer.name() + "-1", customer.name() + "-2"));
    }

    @Test
    void mappedKeysAreListedAndReported() throws Exception {
        customers.insert(1, new Customer("Ann"));
        customers.insert(2, new Customer("Bob"));
        KeySource<String> source = ordersOfCustomers();
        assertThat(source).hasToString("keys of the table shop.customers");
        assertThat(list(source)).containsExactly("Ann-1", "Ann-2", "Bob-1", "Bob-2");
        assertThat(list(customers.keys((id, customer) -> List.<Long>of()))).isEmpty();
        Sink<String> sink = new Sink<>();
        try (KeySubscription open = source.subscribe(sink)) {
            customers.update(1, new Customer("Eve"));
            customers.delete(2);
            await().untilAsserted(() -> assertThat(sink.keys).containsExactly("Eve-1", "Eve-2", "all-2"));
            assertThat(sink.stamps.get(0)).isEqualTo(sink.stamps.get(1)).isNotEqualTo(sink.stamps.get(2));
            assertThat(open).isNotNull();
        }
    }

    @Test
    void aMappingThatThrowsOnceIsAskedAgain() throws Exception {
        AtomicBoolean thrown = new AtomicBoolean();
        Sink<String> sink = new Sink<>();
        KeySource<String> source = customers.keys((id, customer) -> {
            if (thrown.compareAndSet(false, true)) {
                throw new java.io.IOException("once");
            }
            return List.of("o-" + id);
        });
        try (KeySubscription open = source.subscribe(sink)) {
            customers.insert(1, new Customer("Ann"));
            await().untilAsserted(() -> assertThat(sink.keys).containsExactly("o-1"));
            assertThat(sink.failures).isEmpty();
            assertThat(open).isNotNull();
        }
    }

    @Test
    void aMappingThatThrowsFailsTheListAndTheStoppedWatchTheSubscription() throws Exception {
        customers.insert(1, new Customer("Ann"));
        KeySource<String> source = customers.keys((id, customer) -> {
            throw new java.io.IOException("always");
        });
        try (Keys<String> keys = source.keys()) {
            assertThatThrownBy(keys::hasNext)
                    .isInstanceOf(CoreException.class)
                    .hasMessageContaining("keys of the table shop.customers")
                    .hasRootCauseMessage("always");
        }
        Sink<String> sink = new Sink<>();
        try (TableSubscription<?> subscription = (TableSubscription<?>) source.subscribe(sink)) {
            subscription.onStopped(new CoreException(ErrorCode.UNKNOWN, "kept throwing"));
            assertThat(sink.failures).hasSize(1);
        }
    }

    @Test
    void entriesThatCantBeReadDontStopTheRest() throws Exception {
        customers.collection().insert(Key.of("not a number"), Document.of("name", "x"));
        customers.collection().insert(Key.of(1), Document.of("name", Document.empty()));
        customers.insert(2, new Customer("Bob"));
        assertThat(list(ordersOfCustomers())).containsExactly("Bob-1", "Bob-2");
        assertThat(list(customers)).containsExactlyInAnyOrder(1, 2);
        Sink<String> sink = new Sink<>();
        try (KeySubscription open = ordersOfCustomers().subscribe(sink)) {
            customers.collection().insert(Key.of(3), Document.of("name", Document.empty()));
            customers.insert(4, new Customer("Eve"));
            await().untilAsserted(() -> assertThat(sink.keys).containsExactly("Eve-1", "Eve-2"));
            assertThat(sink.failures).isEmpty();
            assertThat(open).isNotNull();
        }
    }

    @Test
    void keysWithoutEqualityAreNoSource() {
        Table<byte[], Customer> raw = Table.open(store, "raw", byte[].class, Customer.class);
        assertThatThrownBy(raw::keys).isInstanceOfSatisfying(CoreException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(e.getMessage()).contains("of the type Bytes");
        });
        Table<Bytes, Customer> kept = Table.open(store, "raw", Bytes.class, Customer.class);
        assertThat(kept.keys().hasNext()).isFalse();
    }

    // One's own writes

    @Test
    void aViewReportsTheStampsThatTheChangesWillHave() throws Exception {
        Context context = new Context();
        Table<String, Order> view = orders.in(context);
        Sink<String> sink = new Sink<>();
        try (KeySubscription open = orders.subscribe(sink)) {
            view.insert("o-1", new Order("c", 1));
            view.update("o-1", new Order("c", 2));
            view.replace("o-1", new Order("c", 3));
            view.upsert("o-1", new Order("c", 4));
            view.withTimeout(Duration.ofSeconds(5))
                    .patch("o-1", field(Order::parcels).increment(1));
            assertThat(view.get("o-1")).isEqualTo(new Order("c", 5));
            view.delete("o-1");
            view.delete("o-1");
            await().untilAsserted(() -> assertThat(sink.stamps).hasSize(6));
            assertThat(context.wrote).isEqualTo(sink.stamps);
            assertThat(open).isNotNull();
        }
    }

    @Test
    void stampsTellKeysTablesAndVersionsApart() {
        ChangeStamps stamps = new ChangeStamps("shop.orders");
        long one = stamps.of(Key.of("o-1"), 5);
        assertThat(new ChangeStamps("shop.orders").of(Key.of("o-1"), 5)).isEqualTo(one);
        assertThat(List.of(
                        one,
                        stamps.of(Key.of("o-1"), 6),
                        stamps.of(Key.of("o-2"), 5),
                        new ChangeStamps("shop.customers").of(Key.of("o-1"), 5)))
                .doesNotHaveDuplicates();
        assertThat(stamps.of(Key.of("o-1"), 0)).isZero();
    }

    @Test
    void anOwnWriteThroughAMappingIsNoNewsToAKeyThatFails() throws Exception {
        customers.insert(1, new Customer("Ann"));
        AtomicInteger runs = new AtomicInteger();
        try (Controller<String> controller = Controller.named("own")
                .source(customers.keys((id, customer) -> List.of("only")))
                .retry(Backoff.exponential(Duration.ofMillis(5), Duration.ofMillis(20))
                        .parkAfter(4))
                .start((key, context) -> {
                    runs.incrementAndGet();
                    customers.in(context).update(1, new Customer("Ann " + runs.get()));
                    throw new IllegalStateException("always");
                })) {
            await().untilAsserted(() -> assertThat(controller.parked()).hasSize(1));
            assertThat(runs.get()).isLessThanOrEqualTo(5);
            int before = runs.get();
            customers.update(1, new Customer("another's"));
            await().untilAsserted(() -> assertThat(runs.get()).isGreaterThan(before));
        }
    }

    @Test
    void aControllerSeesEveryEntryInItsLastState() throws Exception {
        Map<String, Integer> seen = new ConcurrentHashMap<>();
        for (int i = 0; i < 50; i++) {
            orders.insert("o-" + i, new Order("c", 0));
        }
        try (Controller<String> controller = Controller.named("mirror")
                .source(orders)
                .start((key, context) -> {
                    @Nullable Order order = orders.in(context).find(key).orElse(null);
                    seen.put(key, order == null ? -1 : order.parcels());
                    return Result.done();
                })) {
            await().untilAsserted(() -> assertThat(seen).hasSize(50)); // what goes before the list is never heard of
            for (int i = 0; i < 50; i++) {
                orders.patch("o-" + i, field(Order::parcels).increment(i));
            }
            orders.delete("o-49");
            orders.insert("o-50", new Order("c", 50));
            await().untilAsserted(() -> {
                assertThat(seen).hasSize(51).containsEntry("o-49", -1).containsEntry("o-50", 50);
                for (int i = 0; i < 49; i++) {
                    assertThat(seen).containsEntry("o-" + i, i);
                }
            });
            assertThat(controller.parked()).isEmpty();
        }
    }

    @Test
    void mappedSourcesNeedNoTypeWitness() {
        Collection<String> none = List.of();
        try (Controller<String> controller = Controller.named("typed")
                .source(orders)
                .source(customers.keys((id, customer) -> none))
                .start((key, context) -> Result.done())) {
            assertThat(controller.awaitIdle(Duration.ofSeconds(10))).isTrue();
        }
        try (Controller<String> controller = Controller.named("typed")
                .source(customers.keys((id, customer) -> List.of("x")))
                .start((key, context) -> Result.done())) {
            assertThat(controller.awaitIdle(Duration.ofSeconds(10))).isTrue();
        }
    }
}
