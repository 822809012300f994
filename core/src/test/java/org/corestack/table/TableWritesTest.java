package org.corestack.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.corestack.table.Fields.advance;
import static org.corestack.table.Fields.all;
import static org.corestack.table.Fields.field;
import static org.corestack.table.Fields.ifMatches;
import static org.corestack.table.Fields.ifVersion;
import static org.corestack.table.Fields.items;
import static org.corestack.table.Fields.setServerTime;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.reconcile.ReconcileContext;
import org.corestack.store.MemoryEngine;
import org.corestack.store.Store;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Conditions by filter, patches that give the entry, bulk writes and transactions. */
class TableWritesTest {
    record Order(
            @JsonProperty("state") String status,
            int parcels,
            @Nullable Instant seen,
            @Nullable Long revision,
            List<String> tags) {
        Order {
            tags = tags == null ? List.of() : tags;
        }
    }

    /** What an older program knows of an order. */
    record OldOrder(@JsonProperty("state") String status) {}

    private final StoreClient client = StoreClient.open("memory:");
    private final Store store = client.store("shop");
    private final Table<String, Order> orders = Table.open(store, "orders", String.class, Order.class);
    private final Table<String, OldOrder> old = Table.open(store, "orders", String.class, OldOrder.class);

    @AfterEach
    void close() {
        client.close();
    }

    private static Order order(String status, int parcels) {
        return new Order(status, parcels, null, null, List.of());
    }

    private static void assertFails(ErrorCode code, ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOfSatisfying(CoreException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            for (String part : parts) {
                assertThat(e.getMessage()).contains(part);
            }
            assertThat(e.toString()).doesNotContain("s3cret");
        });
    }

    @Test
    void conditionsByFilterHold() {
        orders.insert("o-1", order("NEW", 1));
        EntryCondition<Order> paid = ifMatches(field(Order::status).eq("s3cret"));
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> orders.update("o-1", order("x", 1), paid),
                () -> orders.replace("o-1", order("x", 1), paid),
                () -> orders.patch("o-1", field(Order::status).set("x"), paid),
                () -> orders.patchAndGet("o-1", field(Order::status).set("x"), paid),
                () -> orders.delete("o-1", paid),
                () -> orders.bulk().delete("o-1", paid).run().get(0).get())) {
            assertFails(ErrorCode.CONFLICT, call, "the document o-1 of shop.orders");
        }
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> orders.update("o-2", order("x", 1), paid),
                () -> orders.patchAndGet("o-2", field(Order::status).set("x"), paid))) {
            assertFails(ErrorCode.NOT_FOUND, call, "o-2");
        }
        assertThat(orders.delete("o-2", paid)).isFalse();
        orders.update("o-1", order("a", 2), ifMatches(field(Order::status).eq("NEW")));
        orders.replace("o-1", order("b", 3), ifMatches(field(Order::parcels).gt(1)));
        orders.patch(
                "o-1", items(Order::tags).append("x"), ifMatches(orders.key().eq("o-1")));
        assertThat(orders.delete("o-1", ifMatches(items(Order::tags).contains("x"))))
                .isTrue();
        assertThat(orders.find("o-1")).isEmpty();
    }

    @Test
    void aPatchGivesTheEntryAfterIt() {
        orders.insert("o-1", order("NEW", 1));
        Instant before = Instant.now().minusSeconds(1);
        Entry<String, Order> after = orders.patchAndGet(
                "o-1",
                field(Order::parcels)
                        .max(5)
                        .and(setServerTime(field(Order::seen)))
                        .and(advance(field(Order::revision)))
                        .and(items(Order::tags).appendIfAbsent("x")));
        assertThat(after).isEqualTo(orders.findEntry("o-1").orElseThrow());
        assertThat(after.value().parcels()).isEqualTo(5);
        assertThat(after.value().seen()).isAfter(before);
        assertThat(after.value().revision()).isGreaterThan(before.toEpochMilli());
        assertThat(after.value().tags()).containsExactly("x");
        Entry<String, Order> again = orders.patchAndGet(
                "o-1",
                items(Order::tags).remove("x").and(field(Order::parcels).max(3)).and(advance(field(Order::revision))),
                ifVersion(after.version()));
        assertThat(again.value().tags()).isEmpty();
        assertThat(again.value().parcels()).isEqualTo(5);
        assertThat(again.value().revision()).isGreaterThan(after.value().revision());
    }

    @Test
    void programsOfTwoVersionsPatchOneEntry() {
        orders.insert("o-1", order("NEW", 3));
        assertThat(old.patchAndGet("o-1", field(OldOrder::status).set("PAID")).value())
                .isEqualTo(new OldOrder("PAID"));
        assertThat(orders.get("o-1")).isEqualTo(order("PAID", 3));
        old.bulk().update("o-1", new OldOrder("SENT")).run();
        assertThat(orders.get("o-1")).isEqualTo(order("SENT", 3));
        old.insert("o-2", new OldOrder("NEW"));
        assertThat(orders.findMany(field(Order::parcels).eq(0)))
                .as("a missing number is no 0 in the database")
                .isEmpty();
        assertThat(orders.patchAndGet("o-2", field(Order::parcels).increment(1)).value())
                .isEqualTo(order("NEW", 1));
    }

    @Test
    void anEntryThatNoLongerFitsWasPatchedAllTheSame() {
        orders.collection().insert(Key.of("o-1"), Document.of("state", "NEW", "parcels", Integer.MAX_VALUE));
        assertFails(
                ErrorCode.UNSUPPORTED,
                () -> orders.patchAndGet("o-1", field(Order::parcels).increment(1)),
                "the document o-1 of shop.orders",
                "parcels");
        assertThat(orders.collection().find(Key.of("o-1")).orElseThrow().document())
                .isEqualTo(Document.of("state", "NEW", "parcels", Integer.MAX_VALUE + 1L));
    }

    @Test
    void severalWritesHaveAResultEachByKey() {
        orders.insert("o-1", order("NEW", 1));
        List<EntryResult<String>> results = orders.bulk()
                .insert("o-1", order("s3cret", 9))
                .insert("o-2", order("NEW", 2))
                .update("o-1", order("PAID", 1))
                .replace("o-3", order("NEW", 1))
                .upsert("o-3", order("NEW", 3))
                .patch(
                        "o-2",
                        field(Order::parcels).increment(1),
                        ifMatches(field(Order::parcels).eq(2)))
                .patch(
                        "o-2",
                        field(Order::parcels).increment(1),
                        ifMatches(field(Order::parcels).eq(2)))
                .delete("o-4")
                .delete("o-3")
                .run();
        assertThat(results)
                .extracting(result -> result.key() + " "
                        + (result instanceof EntryResult.Failed<String> failed
                                ? failed.error().code()
                                : "done"))
                .containsExactly(
                        "o-1 ALREADY_EXISTS",
                        "o-2 done",
                        "o-1 done",
                        "o-3 NOT_FOUND",
                        "o-3 done",
                        "o-2 done",
                        "o-2 CONFLICT",
                        "o-4 NOT_FOUND",
                        "o-3 done");
        assertThat(orders.findMany(all())).extracting(Entry::value).containsExactly(order("PAID", 1), order("NEW", 3));
        assertThat(results.get(5).get().version())
                .isEqualTo(orders.findEntry("o-2").orElseThrow().version());
        assertThat(results.toString()).doesNotContain("s3cret");
        assertFails(ErrorCode.ALREADY_EXISTS, results.get(0)::get, "o-1");
        assertThat(orders.bulk().run()).isEmpty();
    }

    @Test
    void aBulkIsUsedOnceAndBounded() {
        EntryBulk<String, Order> bulk = orders.bulk();
        for (int i = 0; i < StoreCollection.MAX_WRITES; i++) {
            bulk.delete("o-" + i);
        }
        assertThat(bulk.size()).isEqualTo(StoreCollection.MAX_WRITES);
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> bulk.delete("x"), "at most 10000 writes");
        assertThat(bulk.run()).hasSize(StoreCollection.MAX_WRITES);
        assertFails(ErrorCode.FAILED_PRECONDITION, bulk::run, "ran already");
        assertFails(ErrorCode.FAILED_PRECONDITION, () -> bulk.delete("x"), "ran already");
        assertFails(
                ErrorCode.INVALID_ARGUMENT,
                () -> orders.bulk().insert("o-1", order("s3cret\0", 1)),
                "the entry o-1 of shop.orders can't be kept");
    }

    @Test
    void manyAreDeletedAndCounted() {
        for (int i = 0; i < 10; i++) {
            orders.insert("o-" + i, order(i % 2 == 0 ? "NEW" : "PAID", i));
        }
        assertThat(orders.count(field(Order::status).eq("PAID"))).isEqualTo(5);
        assertThat(orders.deleteMany(field(Order::status)
                        .eq("PAID")
                        .and(field(Order::parcels).lt(6))))
                .isEqualTo(3);
        assertThat(orders.count(all())).isEqualTo(7);
    }

    /** Hears of a run's own writes. */
    private static final class Run implements ReconcileContext {
        final List<Long> stamps = new ArrayList<>();

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
            stamps.add(stamp);
        }
    }

    @Test
    void aControllerKnowsEachOfItsWrites() {
        Run run = new Run();
        Table<String, Order> own = orders.in(run);
        own.insert("o-1", order("NEW", 1));
        own.patchAndGet("o-1", field(Order::parcels).increment(1));
        own.bulk()
                .insert("o-2", order("NEW", 1))
                .insert("o-2", order("NEW", 1))
                .delete("o-1")
                .run();
        assertThat(run.stamps).hasSize(4);
        assertThat(Set.copyOf(run.stamps)).hasSize(4).doesNotContain(0L);
    }

    @Test
    void aTableIsPartOfATransaction() {
        Run run = new Run();
        MemoryEngine engine = client.unwrap(MemoryEngine.class);
        engine.loseCommits(2);
        Table<String, Order> audit = Table.open(store, "audit", String.class, Order.class);
        store.inTransaction(transaction -> {
            Table<String, Order> within = orders.in(run).in(transaction);
            within.insert("o-1", order("NEW", 1));
            audit.in(transaction).insert("a-1", order("NEW", 1));
            assertThat(within.patchAndGet("o-1", field(Order::parcels).increment(1))
                            .value())
                    .isEqualTo(order("NEW", 2));
            assertThat(within.count(all())).isEqualTo(1);
            assertThat(orders.count(all())).as("seen by others").isZero();
            assertThat(run.stamps).as("nothing is written yet").isEmpty();
            assertFails(ErrorCode.FAILED_PRECONDITION, within::snapshot, "within a transaction");
            return within.bulk().insert("o-2", order("NEW", 1)).run();
        });
        assertThat(orders.get("o-1")).isEqualTo(order("NEW", 2));
        assertThat(orders.count(all()) + audit.count(all())).isEqualTo(3);
        assertThat(run.stamps).as("those of the runs that lost are none").hasSize(3);
        assertThatThrownBy(() -> store.inTransaction(transaction -> {
                    orders.in(run).in(transaction).delete("o-1");
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(run.stamps).hasSize(3);
        assertThat(orders.find("o-1")).isPresent();
    }

    @Test
    void aTransactionOfAnotherStoreIsRefused() {
        assertFails(
                ErrorCode.INVALID_ARGUMENT,
                () -> client.store("other")
                        .inTransaction(transaction -> orders.in(transaction).count(all())),
                "the table shop.orders can't be part of a transaction of the store other");
    }
}
