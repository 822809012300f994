package org.corestack.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.corestack.table.Fields.all;
import static org.corestack.table.Fields.average;
import static org.corestack.table.Fields.count;
import static org.corestack.table.Fields.field;
import static org.corestack.table.Fields.index;
import static org.corestack.table.Fields.items;
import static org.corestack.table.Fields.key;
import static org.corestack.table.Fields.limit;
import static org.corestack.table.Fields.max;
import static org.corestack.table.Fields.measure;
import static org.corestack.table.Fields.min;
import static org.corestack.table.Fields.sortBy;
import static org.corestack.table.Fields.sum;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.MemoryEngine;
import org.corestack.store.Store;
import org.corestack.store.StoreClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Filters on keys and items, projections, aggregates and indexes, from the user's types to them. */
class TableQueriesTest {
    enum Status {
        NEW,
        @JsonProperty("sent")
        SHIPPED
    }

    record Line(String sku, int count) {}

    record OrderKey(@JsonProperty("r") String region, int number) {}

    record Order(
            @JsonProperty("state") @Nullable Status status,
            int parcels,
            @Nullable BigDecimal total,
            @Nullable Instant placed,

            @JsonFormat(shape = JsonFormat.Shape.STRING, pattern = "dd.MM.yyyy") @Nullable
            LocalDate day,

            Optional<String> nick,
            @Nullable List<Line> lines) {}

    private final StoreClient client = StoreClient.open("memory:");
    private final Store store = client.store("shop");
    private final Table<OrderKey, Order> orders = Table.open(store, "orders", OrderKey.class, Order.class);

    @AfterEach
    void close() {
        client.close();
    }

    private static void assertFails(ErrorCode code, ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOfSatisfying(CoreException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            for (String part : parts) {
                assertThat(e.getMessage()).contains(part);
            }
            assertThat(e.getMessage()).doesNotContain("s3cret");
        });
    }

    private static Order order(@Nullable Status status, int parcels, Line... lines) {
        return new Order(status, parcels, null, null, null, Optional.empty(), List.of(lines));
    }

    private List<Integer> numbers(EntryFilter<? super Order> filter, EntryOptions<? super Order> options) {
        return orders.findMany(filter, options).stream()
                .map(entry -> entry.key().number())
                .toList();
    }

    private void insertSome() {
        orders.insert(new OrderKey("eu", 1), order(Status.NEW, 1, new Line("X", 1), new Line("Y", 5)));
        orders.insert(new OrderKey("eu", 2), order(Status.SHIPPED, 2, new Line("X", 5)));
        orders.insert(new OrderKey("us", 3), order(Status.SHIPPED, 4));
        orders.insert(new OrderKey("us", 10), order(null, 8, new Line("Y", 1)));
    }

    @Test
    void keysAreFilteredAndSortedBy() {
        insertSome();
        assertThat(numbers(key(OrderKey::region).eq("eu"), limit(9))).containsExactly(1, 2);
        assertThat(numbers(orders.key().dot(OrderKey::number).gt(2), limit(9))).containsExactly(3, 10);
        assertThat(numbers(orders.key().eq(new OrderKey("us", 3)), limit(9))).containsExactly(3);
        assertThat(numbers(
                        orders.key()
                                .in(List.of(new OrderKey("us", 3), new OrderKey("eu", 1)))
                                .not(),
                        limit(9)))
                .containsExactly(2, 10);
        assertThat(numbers(all(), sortBy(key(OrderKey::number)).descending())).containsExactly(10, 3, 2, 1);
        assertThat(numbers(all(), sortBy(orders.key()).descending())).containsExactly(10, 3, 2, 1);
        assertThat(numbers(
                        all(),
                        sortBy(key(OrderKey::region))
                                .descending()
                                .thenBy(key(OrderKey::number))
                                .skip(1)
                                .limit(2)))
                .containsExactly(10, 1);
        assertThat(orders.deleteMany(key(OrderKey::region).eq("us"))).isEqualTo(2);
    }

    @Test
    void itemsAreFilteredBy() {
        insertSome();
        assertThat(numbers(
                        items(Order::lines)
                                .any(field(Line::sku)
                                        .eq("X")
                                        .and(field(Line::count).gt(2))),
                        limit(9)))
                .containsExactly(2);
        assertThat(numbers(
                        items(Order::lines)
                                .any(line -> line.dot(Line::sku).eq("Y"))
                                .and(field(Order::status).ne(Status.NEW)),
                        limit(9)))
                .containsExactly(10);
        assertThat(numbers(items(Order::lines).any(all()).not(), limit(9))).containsExactly(3);
        orders.patch(new OrderKey("us", 3), items(Order::lines).append(new Line("Z", 1)));
        assertThat(numbers(items(Order::lines).any(field(Line::sku).startsWith("Z")), limit(9)))
                .containsExactly(3);
    }

    @Test
    void aProjectionGivesJustSomeFields() {
        insertSome();
        OrderKey one = new OrderKey("eu", 1);
        assertThat(orders.findMany(
                        orders.key().eq(one), limit(1).only(List.of(field(Order::status), field(Order::nick)))))
                .containsExactly(new Entry<>(
                        one,
                        new Order(Status.NEW, 0, null, null, null, Optional.empty(), null),
                        orders.findEntry(one).orElseThrow().version()));
    }

    record Strict(String a, @JsonProperty("bee") String b) {
        Strict {
            Objects.requireNonNull(a);
            Objects.requireNonNull(b, "s3cret");
        }
    }

    @Test
    void aTypeThatRefusesToBeWithoutTheOthersIsNamed() {
        Table<String, Strict> strict = Table.open(store, "strict", String.class, Strict.class);
        strict.insert("k", new Strict("x", "y"));
        assertFails(
                ErrorCode.UNSUPPORTED,
                () -> strict.findMany(all(), limit(1).only(List.of(field(Strict::b)))),
                "the document k of shop.strict does not fit",
                "only [bee] was asked for: the type must do without the other fields");
        assertThat(strict.findMany(all(), limit(1).only(List.of(field(Strict::a), field(Strict::b)))))
                .hasSize(1);
    }

    record Picture(String title, SealedMappingTest.Shape shape) {}

    @Test
    void sealedTypesAreReadInPart() {
        Table<String, SealedMappingTest.Shape> shapes =
                Table.open(store, "shapes", String.class, SealedMappingTest.Shape.class);
        SealedMappingTest.Shape square = new SealedMappingTest.Shape.Square("c", 5);
        shapes.insert("k", square);
        assertThat(shapes.findMany(all(), limit(1).only(List.of(field(SealedMappingTest.Shape::name))))
                        .get(0)
                        .value())
                .isEqualTo(new SealedMappingTest.Shape.Square("c", 0));
        Table<String, Picture> pictures = Table.open(store, "pictures", String.class, Picture.class);
        pictures.insert("k", new Picture("t", square));
        assertThat(pictures.findMany(
                                all(),
                                limit(1).only(List.of(field(Picture::shape).dot(SealedMappingTest.Shape::name))))
                        .get(0)
                        .value()
                        .shape())
                .isEqualTo(new SealedMappingTest.Shape.Square("c", 0));
    }

    @Test
    void figuresAreOfTheUsersTypes() {
        insertSome();
        List<EntryGroup<Order>> groups = orders.aggregate(
                field(Order::parcels).gt(0),
                measure(count()).and(sum(field(Order::parcels))).by(field(Order::status)));
        assertThat(groups)
                .extracting(group -> group.by(field(Order::status)) + " " + group.get(count()) + " "
                        + group.get(sum(field(Order::parcels))))
                .containsExactlyInAnyOrder("NEW 1 1", "SHIPPED 2 6", "null 1 8");
        assertThat(orders.aggregate(
                        all(), measure(max(orders.key().dot(OrderKey::number))).by(key(OrderKey::region))))
                .extracting(group -> group.by(key(OrderKey::region)) + " "
                        + group.get(max(orders.key().dot(OrderKey::number))))
                .containsExactlyInAnyOrder("eu 2", "us 10");
        assertThat(groups.get(0)).hasToString("EntryGroup([count(), sum(Order::parcels)] by [Order::status])");
    }

    @Test
    void figuresOfOneGroup() {
        Instant time = Instant.parse("2026-01-01T00:00:00Z");
        LocalDate day = LocalDate.of(2026, 2, 3);
        EntryAggregation<Order> figures = measure(min(field(Order::placed)))
                .and(max(field(Order::total)))
                .and(average(field(Order::total)))
                .and(sum(field(Order::total)))
                .and(average(field(Order::parcels)))
                .and(max(field(Order::day)));
        EntryGroup<Order> none = orders.aggregate(all(), figures).get(0);
        assertThat(none.get(min(field(Order::placed)))).isNull();
        assertThat(none.get(average(field(Order::total)))).isNull();
        assertThat(none.get(sum(field(Order::total)))).isEqualTo(0L);
        orders.insert(
                new OrderKey("eu", 1),
                new Order(Status.NEW, 1, new BigDecimal("1.50"), time, day, Optional.of("a"), null));
        orders.insert(
                new OrderKey("eu", 2),
                new Order(Status.NEW, 2, new BigDecimal("2.50"), time.plusSeconds(1), null, Optional.of("a"), null));
        EntryGroup<Order> group = orders.aggregate(all(), figures).get(0);
        assertThat(group.get(min(field(Order::placed)))).isEqualTo(time);
        assertThat(group.get(max(field(Order::total)))).isEqualTo(new BigDecimal("2.50"));
        assertThat(group.get(average(field(Order::total)))).isEqualTo(new BigDecimal("2.00"));
        assertThat(group.get(sum(field(Order::total)))).isEqualTo(new BigDecimal("4.00"));
        assertThat(group.get(average(field(Order::parcels)))).isEqualTo(1.5);
        assertThat(group.get(max(field(Order::day)))).as("by its own format").isEqualTo(day);
        assertThat(orders.aggregate(all(), measure(count()).by(field(Order::nick)))
                        .get(0)
                        .by(field(Order::nick)))
                .isEqualTo(Optional.of("a"));
    }

    @Test
    void whatWasNotAskedForIsNotThere() {
        EntryGroup<Order> group = orders.aggregate(all(), measure(count())).get(0);
        assertFails(
                ErrorCode.INVALID_ARGUMENT, () -> group.get(sum(field(Order::parcels))), "has no sum(Order::parcels)");
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> group.by(field(Order::status)), "not made by Order::status");
        assertFails(
                ErrorCode.INVALID_ARGUMENT,
                () -> orders.aggregate(all(), measure(min(field(Order::status)))),
                "is kept as a text");
        orders.collection().insert(Key.of(Document.of("r", "eu", "number", 1)), Document.of("state", "s3cret"));
        EntryGroup<Order> newer = orders.aggregate(all(), measure(count()).by(field(Order::status)))
                .get(0);
        assertFails(
                ErrorCode.UNSUPPORTED,
                () -> newer.by(field(Order::status)),
                "a value of the field Order::status does not fit");
    }

    @Test
    void indexesAreMadeAndTold() {
        orders.ensureIndex(
                index(field(Order::status)).thenBy(field(Order::placed)).descending());
        assertThat(client.unwrap(MemoryEngine.class).calls())
                .contains("index by-state--placed---desc on state, placed desc");
        assertThat(orders.statements(List.of(
                        index(field(Order::status)).unique(),
                        index(field(Order::day)).sparse().named("days"))))
                .containsExactly("index by-state on state unique", "index days on day sparse");
    }
}
