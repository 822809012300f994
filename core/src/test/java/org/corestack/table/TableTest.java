package org.corestack.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.corestack.table.Fields.all;
import static org.corestack.table.Fields.count;
import static org.corestack.table.Fields.field;
import static org.corestack.table.Fields.ifVersion;
import static org.corestack.table.Fields.measure;
import static org.corestack.table.Fields.named;
import static org.corestack.table.Fields.sortBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.document.Change;
import org.corestack.document.Change.Operation;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Resync;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.reconcile.ReconcileContext;
import org.corestack.store.MemoryEngine;
import org.corestack.store.Store;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreTransaction;
import org.corestack.store.Watch;
import org.corestack.store.WatchOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TableTest {
    record Order(
            @JsonProperty("state") String status,
            int parcels,
            @Nullable String note) {}

    /** What an older program knows of an order. */
    record OldOrder(@JsonProperty("state") String status) {}

    private final StoreClient client = StoreClient.open("memory:");
    private final Store store = client.store("shop");
    private final Table<String, Order> orders = Table.open(store, "orders", String.class, Order.class);

    @AfterEach
    void close() {
        client.close();
    }

    private static Order order(String status, int parcels) {
        return new Order(status, parcels, null);
    }

    private static void assertFails(ErrorCode code, ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOfSatisfying(CoreException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            for (String part : parts) {
                assertThat(e.getMessage()).contains(part);
            }
        });
    }

    @Test
    void anEntryLivesAndDies() {
        Written written = orders.insert("o-1", order("NEW", 1));
        assertThat(orders.get("o-1")).isEqualTo(order("NEW", 1));
        assertThat(orders.find("o-1")).contains(order("NEW", 1));
        assertThat(orders.findEntry("o-1")).contains(new Entry<>("o-1", order("NEW", 1), written.version()));
        Written updated = orders.update("o-1", order("PAID", 2));
        assertThat(updated.version()).isGreaterThan(written.version());
        orders.replace("o-1", order("SENT", 3));
        orders.patch(
                "o-1",
                field(Order::status).set("LOST").and(field(Order::parcels).increment(1)));
        assertThat(orders.get("o-1")).isEqualTo(order("LOST", 4));
        assertThat(orders.delete("o-1")).isTrue();
        assertThat(orders.delete("o-1")).isFalse();
        assertThat(orders.find("o-1")).isEmpty();
        assertThat(orders.findEntry("o-1")).isEmpty();
        orders.upsert("o-1", order("NEW", 1));
        orders.upsert("o-1", order("NEW", 2));
        assertThat(orders.get("o-1")).isEqualTo(order("NEW", 2));
    }

    @Test
    void whatIsNotThereOrThereAlreadyIsSaid() {
        orders.insert("o-1", order("NEW", 1));
        assertFails(ErrorCode.ALREADY_EXISTS, () -> orders.insert("o-1", order("NEW", 1)), "o-1", "shop.orders");
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> orders.get("o-2"),
                () -> orders.update("o-2", order("NEW", 1)),
                () -> orders.replace("o-2", order("NEW", 1)),
                () -> orders.patch("o-2", field(Order::status).set("x")))) {
            assertFails(ErrorCode.NOT_FOUND, call, "o-2", "shop.orders");
        }
    }

    @Test
    void conditionsHold() {
        long version = orders.insert("o-1", order("NEW", 1)).version();
        EntryCondition<Order> stale = ifVersion(version + 1);
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> orders.update("o-1", order("x", 1), stale),
                () -> orders.replace("o-1", order("x", 1), stale),
                () -> orders.patch("o-1", field(Order::status).set("x"), stale),
                () -> orders.delete("o-1", stale))) {
            assertFails(ErrorCode.CONFLICT, call, "o-1", "shop.orders");
        }
        assertThat(orders.get("o-1")).isEqualTo(order("NEW", 1));
        version = orders.update("o-1", order("a", 1), ifVersion(version)).version();
        version = orders.replace("o-1", order("b", 1), ifVersion(version)).version();
        version = orders.patch("o-1", field(Order::status).set("c"), ifVersion(version))
                .version();
        assertThat(orders.delete("o-1", ifVersion(version))).isTrue();
    }

    @Test
    void anUpdateLeavesWhatTheTypeDoesNotKnow() {
        Table<String, OldOrder> old = Table.open(store, "orders", String.class, OldOrder.class);
        orders.insert("o-1", new Order("NEW", 3, "fragile"));
        old.update("o-1", new OldOrder("PAID"));
        assertThat(orders.get("o-1")).isEqualTo(new Order("PAID", 3, "fragile"));
        old.upsert("o-1", new OldOrder("SENT"));
        assertThat(orders.get("o-1")).isEqualTo(new Order("SENT", 3, "fragile"));
        orders.update("o-1", new Order("SENT", 3, null));
        assertThat(orders.collection().find(Key.of("o-1")).orElseThrow().document())
                .isEqualTo(Document.of("state", "SENT", "parcels", 3));
        old.replace("o-1", new OldOrder("GONE"));
        assertThat(orders.get("o-1")).isEqualTo(new Order("GONE", 0, null));
    }

    @Test
    void manyAreFoundInOrder() {
        for (int i = 0; i < 10; i++) {
            orders.insert("o-" + i, order(i % 2 == 0 ? "NEW" : "PAID", 10 - i));
        }
        assertThat(orders.findMany(all()))
                .extracting(Entry::key)
                .startsWith("o-0", "o-1")
                .hasSize(10);
        assertThat(orders.findMany(
                        field(Order::status).eq("NEW").and(field(Order::parcels).gt(2)),
                        sortBy(field(Order::parcels)).limit(3)))
                .extracting(Entry::key)
                .containsExactly("o-6", "o-4", "o-2");
        try (Stream<Entry<String, Order>> paid = orders.stream(
                field(Order::status).eq("PAID"), sortBy(field(Order::parcels)).descending())) {
            assertThat(paid.map(Entry::key)).containsExactly("o-1", "o-3", "o-5", "o-7", "o-9");
        }
        orders.ensureIndex(field(Order::status));
        assertThat(client.unwrap(MemoryEngine.class).calls()).contains("index by-state on state");
    }

    @Test
    void anEntryThatCantBeReadIsNamedAndTheRestOfASnapshotCanBe() {
        orders.insert("o-1", order("NEW", 1));
        orders.collection().insert(Key.of("o-2"), Document.of("parcels", "many"));
        orders.insert("o-3", order("NEW", 1));
        assertFails(
                ErrorCode.UNSUPPORTED,
                () -> orders.find("o-2"),
                "the document o-2 of shop.orders",
                "at parcels: it holds");
        assertFails(ErrorCode.UNSUPPORTED, () -> orders.findMany(all()), "o-2");
        List<String> read = new ArrayList<>();
        try (TableSnapshot<String, Order> snapshot = orders.snapshot()) {
            for (var entries = snapshot.iterator(); entries.hasNext(); ) {
                try {
                    read.add(entries.next().key());
                } catch (CoreException e) {
                    read.add(e.code().name());
                }
            }
        }
        assertThat(read).containsExactly("o-1", "UNSUPPORTED", "o-3");
    }

    @Test
    @SuppressWarnings("NullAway") // what a caller without annotations can do
    void nullsAreInvalid() {
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> Table.open(null, "orders", String.class, Order.class),
                () -> Table.open(store, null, String.class, Order.class),
                () -> Table.open(store, "orders", null, Order.class),
                () -> Table.open(store, "orders", String.class, null),
                () -> Table.open(store, "or ders", String.class, Order.class),
                () -> orders.insert(null, order("x", 1)),
                () -> orders.insert("o", null),
                () -> orders.update("o", null),
                () -> orders.update("o", order("x", 1), null),
                () -> orders.replace("o", null),
                () -> orders.upsert(null, null),
                () -> orders.patch("o", null),
                () -> orders.patch("o", field(Order::status).set("x"), null),
                () -> orders.delete(null),
                () -> orders.delete("o", null),
                () -> orders.get(null),
                () -> orders.findMany(null),
                () -> orders.findMany(all(), null),
                () -> orders.snapshot(null),
                () -> orders.ensureIndex((Field<Order, ?>) null),
                () -> orders.ensureIndex((EntryIndex<Order>) null),
                () -> orders.watch(null, change -> {}),
                () -> orders.watch(WatchOptions.ofDefaults(), null),
                () -> orders.watch(null, WatchOptions.ofDefaults(), change -> {}),
                () -> orders.watch(all(), null, change -> {}),
                () -> orders.in((ReconcileContext) null),
                () -> orders.in((StoreTransaction) null),
                () -> orders.count(null),
                () -> orders.deleteMany(null),
                () -> orders.aggregate(null, measure(count())),
                () -> orders.aggregate(all(), null),
                () -> orders.patchAndGet("o", null),
                () -> orders.statements(null),
                () -> orders.bulk().insert("o", null),
                () -> orders.bulk().delete(null),
                () -> orders.keys(null),
                () -> orders.subscribe(null),
                () -> orders.withTimeout(null),
                () -> orders.withTimeout(Duration.ZERO))) {
            assertFails(ErrorCode.INVALID_ARGUMENT, call);
        }
    }

    // Watching

    private static final class Recorder implements EntryListener<String, Order> {
        final List<EntryChange<String, Order>> changes = new CopyOnWriteArrayList<>();
        final List<String> failures = new CopyOnWriteArrayList<>();
        final List<Resync> resyncs = new CopyOnWriteArrayList<>();

        @Override
        public void onChange(EntryChange<String, Order> change) {
            changes.add(change);
        }

        @Override
        public void onFailure(CoreException error) {
            failures.add(error.getMessage());
        }

        @Override
        public void onResync(Resync resync) {
            resyncs.add(resync);
        }
    }

    @Test
    void changesComeInTheTablesTypes() {
        orders.insert("o-0", order("NEW", 1));
        Recorder recorder = new Recorder();
        try (Watch watch = orders.watch(WatchOptions.ofDefaults(), recorder)) {
            Written written = orders.insert("o-1", order("NEW", 1));
            await().untilAsserted(() -> assertThat(recorder.changes).hasSize(1));
            EntryChange<String, Order> change = recorder.changes.get(0);
            assertThat(change.key()).isEqualTo("o-1");
            assertThat(change.operation()).isEqualTo(Operation.INSERT);
            assertThat(change.value()).isEqualTo(order("NEW", 1));
            assertThat(change.version()).isEqualTo(written.version());
            assertThat(change.position()).isEqualTo(written.position());
            assertThat(change.source()).isEqualTo(client.source());
            orders.delete("o-1");
            await().untilAsserted(() -> assertThat(recorder.changes).hasSize(2));
            assertThat(recorder.changes.get(1).value()).isNull();
            assertThat(watch.isOpen()).isTrue();
        }
    }

    @Test
    void aSnapshotIsContinuedByAWatch() {
        orders.insert("o-1", order("NEW", 1));
        Recorder recorder = new Recorder();
        try (TableSnapshot<String, Order> snapshot =
                orders.snapshot(field(Order::status).eq("NEW"))) {
            orders.insert("o-2", order("NEW", 2));
            orders.insert("o-3", order("PAID", 2));
            orders.patch("o-1", field(Order::status).set("PAID"));
            assertThat(snapshot).extracting(Entry::key).containsExactly("o-1");
            WatchOptions options = WatchOptions.ofDefaults().withFrom(snapshot.position());
            try (Watch watch = orders.watch(field(Order::status).eq("NEW"), options, recorder)) {
                await().untilAsserted(() -> assertThat(recorder.changes)
                        .extracting(change -> change.operation() + " " + change.key())
                        .containsExactly("INSERT o-2", "LEFT o-1"));
                assertThat(watch.isOpen()).isTrue();
            }
        }
    }

    @Test
    void aChangeThatCantBeReadIsToldAndPassedOver() {
        Recorder recorder = new Recorder();
        List<Change> unreadable = new CopyOnWriteArrayList<>();
        EntryListener<String, Order> listener = new EntryListener<>() {
            @Override
            public void onChange(EntryChange<String, Order> change) {
                recorder.onChange(change);
            }

            @Override
            public void onUnreadable(Change change, CoreException error) throws Exception {
                unreadable.add(change);
                EntryListener.super.onUnreadable(change, error);
            }

            @Override
            public void onFailure(CoreException error) {
                recorder.onFailure(error);
            }
        };
        try (Watch watch = orders.watch(WatchOptions.ofDefaults(), listener)) {
            orders.collection().insert(Key.of("o-1"), Document.of("parcels", "many"));
            orders.collection().insert(Key.of(7), Document.empty());
            orders.insert("o-2", order("NEW", 1));
            await().untilAsserted(() -> assertThat(recorder.changes).hasSize(1));
            assertThat(unreadable).extracting(Change::key).containsExactly(Key.of("o-1"), Key.of(7));
            assertThat(recorder.failures)
                    .satisfiesExactly(
                            first -> assertThat(first).contains("the document o-1 of shop.orders", "parcels"),
                            second -> assertThat(second).contains("the key 7 of shop.orders"));
            assertThat(watch.isOpen()).isTrue();
        }
    }

    @Test
    void aWatchHearsOfResyncs() {
        Recorder recorder = new Recorder();
        WatchOptions options =
                WatchOptions.ofDefaults().withFrom(orders.collection().position());
        orders.insert("o-1", order("NEW", 1));
        client.unwrap(MemoryEngine.class).forgetHistory();
        try (Watch watch = orders.watch(options, recorder)) {
            await().untilAsserted(() -> assertThat(recorder.resyncs).hasSize(1));
            await().untilAsserted(() -> assertThat(watch.isOpen()).isFalse());
        }
    }

    @Test
    void recordKeysAndNamedFieldsWorkTogether() {
        record LineKey(String order, int line) {}
        Table<LineKey, Order> lines = Table.open(store, "lines", LineKey.class, Order.class);
        lines.insert(new LineKey("o-1", 2), order("NEW", 1));
        assertThat(lines.findMany(named("state", String.class).eq("NEW")))
                .extracting(Entry::key)
                .containsExactly(new LineKey("o-1", 2));
        assertThat(lines.find(new LineKey("o-1", 3))).isEqualTo(Optional.empty());
        assertThat(lines.withTimeout(Duration.ofSeconds(1)).get(new LineKey("o-1", 2)))
                .isEqualTo(order("NEW", 1));
        assertThat(lines).hasToString("the table shop.lines");
    }
}
