package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.corestack.table.Fields.advance;
import static org.corestack.table.Fields.all;
import static org.corestack.table.Fields.average;
import static org.corestack.table.Fields.count;
import static org.corestack.table.Fields.expiring;
import static org.corestack.table.Fields.field;
import static org.corestack.table.Fields.ifMatches;
import static org.corestack.table.Fields.ifVersion;
import static org.corestack.table.Fields.index;
import static org.corestack.table.Fields.items;
import static org.corestack.table.Fields.limit;
import static org.corestack.table.Fields.max;
import static org.corestack.table.Fields.measure;
import static org.corestack.table.Fields.min;
import static org.corestack.table.Fields.setServerTime;
import static org.corestack.table.Fields.sortBy;
import static org.corestack.table.Fields.sum;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.table.Entry;
import org.corestack.table.EntryAggregation;
import org.corestack.table.EntryFilter;
import org.corestack.table.EntryGroup;
import org.corestack.table.EntryOptions;
import org.corestack.table.EntryResult;
import org.corestack.table.Fields;
import org.corestack.table.Table;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What can be asked of a table and done to it in the user's types, operation by operation. */
abstract class EntryContract extends EvolutionContract {
    enum Status {
        NEW,
        SHIPPED,
        CANCELED
    }

    record Line(String sku, int count) {}

    record OrderKey(String region, int number) {}

    record Order(
            @Nullable Status status,
            int parcels,
            @Nullable BigDecimal total,
            @Nullable Instant placed,
            Optional<String> nick,
            List<Line> lines,
            List<String> tags,
            long ticket) {}

    private static final Instant NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z");
    private static final OrderKey EU_1 = new OrderKey("eu", 1);
    private static final OrderKey EU_2 = new OrderKey("eu", 2);
    private static final OrderKey US_3 = new OrderKey("us", 3);
    private static final OrderKey US_10 = new OrderKey("us", 10);

    private Table<OrderKey, Order> orders() {
        return Table.open(store(), "entries", OrderKey.class, Order.class);
    }

    private Table<OrderKey, Order> someOrders() {
        Table<OrderKey, Order> orders = orders();
        orders.insert(EU_1, order(Status.NEW, 1, "1.50", List.of(new Line("X", 1), new Line("Y", 5)), "gift", "ü"));
        orders.insert(EU_2, order(Status.SHIPPED, 2, "2.50", List.of(new Line("X", 5)), "gifts"));
        orders.insert(US_3, order(Status.SHIPPED, 4, null, List.of()));
        orders.insert(US_10, order(null, 8, "-7", List.of(new Line("Y", 1)), "a"));
        return orders;
    }

    private static Order order(
            @Nullable Status status, int parcels, @Nullable String total, List<Line> lines, String... tags) {
        return new Order(
                status,
                parcels,
                total == null ? null : new BigDecimal(total),
                total == null ? null : NEW_YEAR.plusSeconds(parcels),
                total == null ? Optional.empty() : Optional.of("n" + parcels),
                lines,
                List.of(tags),
                0);
    }

    private static List<Integer> numbers(Table<OrderKey, Order> orders, EntryFilter<? super Order> filter) {
        return numbers(orders, filter, EntryOptions.ofDefaults());
    }

    private static List<Integer> numbers(
            Table<OrderKey, Order> orders, EntryFilter<? super Order> filter, EntryOptions<? super Order> options) {
        return orders.findMany(filter, options).stream()
                .map(entry -> entry.key().number())
                .toList();
    }

    @Test
    void entriesAreFoundAndSortedByPartsOfTheirKeys() {
        Table<OrderKey, Order> orders = someOrders();
        assertThat(numbers(orders, Fields.key(OrderKey::region).eq("eu"))).containsExactly(1, 2);
        assertThat(numbers(orders, orders.key().dot(OrderKey::number).gt(2))).containsExactly(3, 10);
        assertThat(numbers(orders, orders.key().eq(US_3))).containsExactly(3);
        assertThat(numbers(orders, orders.key().in(List.of(US_3, EU_1)).not())).containsExactly(2, 10);
        assertThat(numbers(orders, all(), sortBy(Fields.key(OrderKey::number)).descending()))
                .containsExactly(10, 3, 2, 1);
        assertThat(numbers(
                        orders,
                        all(),
                        sortBy(Fields.key(OrderKey::region))
                                .descending()
                                .thenBy(Fields.key(OrderKey::number))
                                .skip(1)
                                .limit(2)))
                .containsExactly(10, 1);
    }

    @Test
    void entriesAreFoundByTheirItems() {
        Table<OrderKey, Order> orders = someOrders();
        EntryFilter<Line> many = field(Line::sku).eq("X").and(field(Line::count).gt(2));
        assertThat(numbers(orders, items(Order::lines).any(many)))
                .as("both hold of one and the same item")
                .containsExactly(2);
        assertThat(numbers(orders, items(Order::lines).any(all()).not())).containsExactly(3);
        assertThat(numbers(orders, items(Order::tags).contains("gift"))).containsExactly(1);
        assertThat(numbers(orders, items(Order::tags).any(tag -> tag.startsWith("gift"))))
                .containsExactly(1, 2);
        assertThat(numbers(
                        orders,
                        items(Order::tags).contains("ü").or(field(Order::status).eq(null))))
                .containsExactly(1, 10);
    }

    @Test
    void entriesAreReadInPart() {
        Table<OrderKey, Order> orders = someOrders();
        Entry<OrderKey, Order> found = orders.findMany(
                        orders.key().eq(EU_1), limit(1).only(List.of(field(Order::status), field(Order::nick))))
                .get(0);
        assertThat(found.key()).isEqualTo(EU_1);
        assertThat(found.version())
                .isEqualTo(orders.findEntry(EU_1).orElseThrow().version());
        assertThat(found.value().status()).isEqualTo(Status.NEW);
        assertThat(found.value().nick()).contains("n1");
        assertThat(found.value().parcels()).as("not asked for").isZero();
        assertThat(found.value().total()).isNull();
    }

    @Test
    void figuresOfEntriesAreOfTheirTypes() {
        Table<OrderKey, Order> orders = someOrders();
        List<EntryGroup<Order>> groups = orders.aggregate(
                field(Order::parcels).gt(0),
                measure(count()).and(sum(field(Order::parcels))).by(field(Order::status)));
        assertThat(groups)
                .extracting(group -> group.by(field(Order::status)) + " " + group.get(count()) + " "
                        + group.get(sum(field(Order::parcels))))
                .containsExactlyInAnyOrder("NEW 1 1", "SHIPPED 2 6", "null 1 8");
        EntryAggregation<Order> figures = measure(min(field(Order::placed)))
                .and(max(field(Order::total)))
                .and(sum(field(Order::total)))
                .and(average(field(Order::parcels)));
        EntryGroup<Order> group = orders.aggregate(all(), figures).get(0);
        assertThat(group.get(min(field(Order::placed)))).isEqualTo(NEW_YEAR.plusSeconds(1));
        assertThat(group.get(max(field(Order::total)))).isEqualTo(new BigDecimal("2.50"));
        assertThat((BigDecimal) group.get(sum(field(Order::total)))).isEqualByComparingTo("-3.00");
        assertThat(group.get(average(field(Order::parcels)))).isEqualTo(3.75);
        assertThat(orders.aggregate(
                        all(), measure(max(orders.key().dot(OrderKey::number))).by(Fields.key(OrderKey::region))))
                .extracting(some -> some.by(Fields.key(OrderKey::region)) + " "
                        + some.get(max(orders.key().dot(OrderKey::number))))
                .containsExactlyInAnyOrder("eu 2", "us 10");
    }

    @Test
    void conditionsOnEntriesHold() {
        Table<OrderKey, Order> orders = someOrders();
        long old = orders.findEntry(EU_1).orElseThrow().version();
        Order changed = order(Status.CANCELED, 9, "9", List.of());
        assertFails(
                ErrorCode.CONFLICT,
                () -> orders.update(
                        EU_1, changed, ifMatches(field(Order::status).eq(Status.SHIPPED))));
        Written written =
                orders.replace(EU_1, changed, ifMatches(field(Order::status).eq(Status.NEW)));
        assertThat(orders.findEntry(EU_1)).contains(new Entry<>(EU_1, changed, written.version()));
        assertFails(
                ErrorCode.CONFLICT,
                () -> orders.patch(EU_1, field(Order::parcels).increment(1), ifVersion(old)));
        orders.patch(EU_1, field(Order::parcels).increment(1), ifVersion(written.version()));
        assertThat(orders.get(EU_1).parcels()).isEqualTo(10);
        assertFails(
                ErrorCode.CONFLICT,
                () -> orders.delete(EU_1, ifMatches(field(Order::parcels).lt(10))));
        assertThat(orders.delete(EU_1, ifMatches(field(Order::parcels).gte(10))))
                .isTrue();
        assertThat(orders.find(EU_1)).isEmpty();
        assertFails(
                ErrorCode.NOT_FOUND,
                () -> orders.update(
                        EU_1, changed, ifMatches(field(Order::status).eq(Status.NEW))));
    }

    @Test
    void patchesOfListsAndTimesGiveTheEntryAfterThem() {
        Table<OrderKey, Order> orders = someOrders();
        Instant before = orders.patchAndGet(EU_2, setServerTime(field(Order::placed)))
                .value()
                .placed();
        Entry<OrderKey, Order> after = orders.patchAndGet(
                EU_2,
                items(Order::lines)
                        .append(new Line("Z", 1))
                        .and(items(Order::tags).appendIfAbsent("gifts"))
                        .and(advance(field(Order::ticket)))
                        .and(field(Order::total).max(new BigDecimal("2.49")))
                        .and(field(Order::parcels).max(3)));
        assertThat(after).isEqualTo(orders.findEntry(EU_2).orElseThrow());
        assertThat(after.value().lines()).containsExactly(new Line("X", 5), new Line("Z", 1));
        assertThat(after.value().tags()).containsExactly("gifts");
        assertThat(after.value().total()).isEqualTo(new BigDecimal("2.50"));
        assertThat(after.value().parcels()).isEqualTo(3);
        assertThat(after.value().ticket()).isGreaterThanOrEqualTo(before == null ? 1 : before.toEpochMilli());
        Order less =
                orders.patchAndGet(EU_2, items(Order::tags).remove("gifts")).value();
        assertThat(less.tags()).isEmpty();
    }

    @Test
    void severalEntriesAreWrittenWithAResultForEach() {
        Table<OrderKey, Order> orders = someOrders();
        Order value = order(Status.CANCELED, 5, "5", List.of());
        OrderKey added = new OrderKey("eu", 20);
        List<EntryResult<OrderKey>> results = orders.bulk()
                .insert(EU_1, value)
                .insert(added, value)
                .update(EU_2, value, ifMatches(field(Order::status).eq(Status.NEW)))
                .patch(US_3, field(Order::parcels).increment(1))
                .delete(US_10)
                .delete(new OrderKey("no", 0))
                .run();
        assertThat(results)
                .extracting(result -> result instanceof EntryResult.Failed<OrderKey> failed
                        ? failed.key() + " " + failed.error().code()
                        : result.key() + " done")
                .containsExactly(
                        EU_1 + " ALREADY_EXISTS",
                        added + " done",
                        EU_2 + " CONFLICT",
                        US_3 + " done",
                        US_10 + " done",
                        new OrderKey("no", 0) + " NOT_FOUND");
        assertThat(orders.get(added)).isEqualTo(value);
        assertThat(orders.get(EU_1).status()).isEqualTo(Status.NEW);
        assertThat(orders.get(EU_2).status()).isEqualTo(Status.SHIPPED);
        assertThat(orders.get(US_3).parcels()).isEqualTo(5);
        assertThat(orders.find(US_10)).isEmpty();
        assertThat(results.get(1).get().version())
                .isEqualTo(orders.findEntry(added).orElseThrow().version());
    }

    @Test
    void entriesAreDeletedByFilter() {
        Table<OrderKey, Order> orders = someOrders();
        assertThat(orders.deleteMany(Fields.key(OrderKey::region).eq("us"))).isEqualTo(2);
        assertThat(numbers(orders, all())).containsExactly(1, 2);
        assertThat(orders.count(field(Order::status).eq(Status.SHIPPED))).isEqualTo(1);
        assertThat(orders.deleteMany(field(Order::status).eq(Status.CANCELED))).isZero();
        assertThat(orders.deleteMany(all())).isEqualTo(2);
    }

    @Test
    void anIndexOnATypesFieldIsUniqueWhereItSaysSo() {
        Table<OrderKey, Order> orders = someOrders();
        orders.ensureIndex(index(field(Order::nick)).unique());
        orders.ensureIndex(index(field(Order::nick)).unique());
        orders.ensureIndex(
                index(field(Order::status)).thenBy(field(Order::placed)).descending());
        orders.ensureIndex(expiring(field(Order::placed), Duration.ofDays(20_000)));
        assertFails(
                ErrorCode.ALREADY_EXISTS,
                () -> orders.insert(new OrderKey("eu", 7), order(Status.NEW, 1, "1", List.of())));
        assertThat(orders.count(field(Order::nick).eq(Optional.empty()))).isEqualTo(1);
    }

    @Test
    @Need.Of(Need.TRANSACTIONS)
    void tablesTakePartInATransaction() {
        Table<OrderKey, Order> orders = someOrders();
        Table<String, Line> lines = Table.open(store(), "lines", String.class, Line.class);
        lines.insert("l", new Line("X", 1));
        String done = store().inTransaction(transaction -> {
            orders.in(transaction).patch(EU_1, field(Order::parcels).increment(4));
            lines.in(transaction).update("l", new Line("X", 2));
            assertThat(orders.in(transaction).get(EU_1).parcels()).isEqualTo(5);
            assertThat(orders.get(EU_1).parcels()).as("seen from outside").isEqualTo(1);
            return "done";
        });
        assertThat(done).isEqualTo("done");
        assertThat(orders.get(EU_1).parcels()).isEqualTo(5);
        assertThat(lines.get("l").count()).isEqualTo(2);
        CoreException refused = new CoreException(ErrorCode.FORBIDDEN, "no");
        assertFails(
                ErrorCode.FORBIDDEN,
                () -> store().inTransaction(transaction -> {
                    lines.in(transaction).delete("l");
                    orders.in(transaction).deleteMany(all());
                    throw refused;
                }));
        assertThat(lines.get("l").count()).isEqualTo(2);
        assertThat(orders.count(all())).isEqualTo(4);
    }
}
