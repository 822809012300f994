package org.corestack.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.corestack.table.Fields.all;
import static org.corestack.table.Fields.field;
import static org.corestack.table.Fields.index;
import static org.corestack.table.Fields.items;
import static org.corestack.table.Fields.key;
import static org.corestack.table.Fields.limit;
import static org.corestack.table.Fields.named;
import static org.corestack.table.Fields.sortBy;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.Sort;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** What filters, on keys and items too, are in the terms of documents. */
class FilterFieldsTest {
    enum Status {
        NEW,
        @JsonProperty("sent")
        SHIPPED
    }

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Line(String stockUnit, int count, List<Status> pastStates) {}

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Order(
            String customerName,
            @JsonProperty("state") Status status,
            int parcels,
            @Nullable Long revision,
            BigDecimal total,
            Instant placedAt,
            Optional<Status> before,
            List<String> tags,
            @JsonProperty("items") List<Line> lines,
            Set<Status> seenStates,
            EnumSet<Status> flags,
            @JsonFormat(shape = JsonFormat.Shape.STRING) List<Instant> printed,
            @JsonFormat(shape = JsonFormat.Shape.STRING) Instant printedAt,
            Map<String, String> labels,
            Line main,
            Bytes image) {}

    record Place(@JsonProperty("r") String region, int zone) {}

    record OrderKey(Place place, @JsonProperty("no") long number, Status status) {}

    record OtherKey(Place place) {}

    private static final FieldPath ITEM = FieldPath.element();

    private final FieldResolver orders = new EntryMapper<>("shop.orders", Order.class, EntryShape.NATIVE)
            .fields()
            .withKeys(new KeyMapper<>("shop.orders", OrderKey.class, EntryShape.NATIVE));
    private final FieldResolver texts = new EntryMapper<>("shop.texts", Order.class, EntryShape.NATIVE)
            .fields()
            .withKeys(new KeyMapper<>("shop.texts", String.class, EntryShape.NATIVE));

    private static Filter compare(FieldPath path, Operator operator, @Nullable Object value) {
        return Filter.compare(path, operator, value);
    }

    private static Filter eq(String path, @Nullable Object value) {
        return compare(FieldPath.of(path), Operator.EQ, value);
    }

    private static void assertInvalid(ThrowingCallable code, String... parts) {
        assertThatThrownBy(code).isInstanceOfSatisfying(CoreException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(e.getMessage()).contains(parts).doesNotContain("s3cret");
        });
    }

    /** The key of a table of orders. */
    private static Field<Order, OrderKey> wholeKey() {
        return new Field<>(List.of(PathStep.From.KEY));
    }

    @Test
    void filtersBesidesComparisons() {
        assertThat(field(Order::status).ne(Status.SHIPPED).toFilter(orders))
                .isEqualTo(eq("state", "sent").not());
        assertThat(field(Order::status).ne(null).toFilter(orders))
                .isEqualTo(eq("state", null).not());
        assertThat(field(Order::status)
                        .in(Arrays.asList(Status.SHIPPED, Status.NEW, null))
                        .toFilter(orders))
                .isEqualTo(new Filter.In(FieldPath.of("state"), Arrays.asList("sent", "NEW", null)));
        assertThat(field(Order::before)
                        .in(List.of(Optional.of(Status.SHIPPED), Optional.empty()))
                        .toFilter(orders))
                .isEqualTo(new Filter.In(FieldPath.of("before"), Arrays.asList("sent", null)));
        assertThat(field(Order::placedAt).exists().toFilter(orders))
                .isEqualTo(new Filter.Exists(FieldPath.of("placed_at")));
        assertThat(field(Order::customerName).startsWith("A%").toFilter(orders))
                .isEqualTo(new Filter.Prefix(FieldPath.of("customer_name"), "A%"));
        assertThat(field(Order::main).dot(Line::stockUnit).startsWith("x").toFilter(orders))
                .isEqualTo(new Filter.Prefix(FieldPath.of("main.stock_unit"), "x"));
    }

    @Test
    void filtersAreJoinedAsTheyAreSaid() {
        EntryFilter<Order> one = field(Order::parcels).eq(1);
        EntryFilter<Order> two = field(Order::parcels).eq(2);
        EntryFilter<Order> named = field(Order::customerName).eq("x");
        assertThat(one.or(two).and(named).toFilter(orders))
                .isEqualTo(eq("parcels", 1).or(eq("parcels", 2)).and(eq("customer_name", "x")));
        assertThat(one.or(two.and(named)).toFilter(orders))
                .isEqualTo(eq("parcels", 1).or(eq("parcels", 2).and(eq("customer_name", "x"))));
        assertThat(one.or(two).not().toFilter(orders))
                .isEqualTo(eq("parcels", 1).or(eq("parcels", 2)).not());
        assertThat(one.not().not().toFilter(orders)).isEqualTo(eq("parcels", 1));
        assertThat(all().not().toFilter(orders)).isEqualTo(Filter.all().not());
        assertThat(Fields.<Order>all().and(one).toFilter(orders)).isEqualTo(eq("parcels", 1));
        assertThat(one.or(two).and(named).not())
                .hasToString(
                        "EntryFilter(not ((Order::parcels = … or Order::parcels = …) and Order::customerName = …))");
    }

    @Test
    void itemsAreLookedInto() {
        assertThat(items(Order::lines)
                        .any(field(Line::stockUnit)
                                .eq("X")
                                .and(field(Line::count).gt(1)))
                        .toFilter(orders))
                .isEqualTo(new Filter.Any(
                        FieldPath.of("items"),
                        eq("stock_unit", "X").and(compare(FieldPath.of("count"), Operator.GT, 1))));
        assertThat(items(Order::lines)
                        .any(line -> line.dot(Line::stockUnit).eq("X"))
                        .toFilter(orders))
                .isEqualTo(new Filter.Any(FieldPath.of("items"), eq("stock_unit", "X")));
        assertThat(items(Order::tags).contains("x").toFilter(orders))
                .isEqualTo(new Filter.Any(FieldPath.of("tags"), compare(ITEM, Operator.EQ, "x")));
        assertThat(items(Order::tags)
                        .any(tag -> tag.startsWith("x").or(tag.in(List.of("a", "b"))))
                        .toFilter(orders))
                .isEqualTo(new Filter.Any(
                        FieldPath.of("tags"), new Filter.Prefix(ITEM, "x").or(new Filter.In(ITEM, List.of("a", "b")))));
        assertThat(field(Order::main)
                        .items(Line::pastStates)
                        .contains(Status.SHIPPED)
                        .toFilter(orders))
                .isEqualTo(new Filter.Any(FieldPath.of("main.past_states"), compare(ITEM, Operator.EQ, "sent")));
        assertThat(items(Order::lines)
                        .any(line -> line.items(Line::pastStates).contains(Status.NEW))
                        .toFilter(orders))
                .isEqualTo(new Filter.Any(
                        FieldPath.of("items"),
                        new Filter.Any(FieldPath.of("past_states"), compare(ITEM, Operator.EQ, "NEW"))));
        assertThat(items(Order::lines).any(named("sub.x", Integer.class).eq(1)).toFilter(orders))
                .isEqualTo(new Filter.Any(FieldPath.of("items"), eq("sub.x", 1)));
    }

    @Test
    void itemsHaveTheFormThatTheirListGivesThem() {
        for (Items<Order, Status> states : List.of(items(Order::seenStates), items(Order::flags))) {
            assertThat(states.contains(Status.SHIPPED).toFilter(orders))
                    .isEqualTo(new Filter.Any(
                            FieldPath.of(states.toString().endsWith("flags") ? "flags" : "seen_states"),
                            compare(ITEM, Operator.EQ, "sent")));
        }
        assertThat(items(Order::printed).contains(Instant.EPOCH).toFilter(orders))
                .isEqualTo(new Filter.Any(FieldPath.of("printed"), compare(ITEM, Operator.EQ, "1970-01-01T00:00:00Z")));
    }

    @Test
    void whatCantBeSaidOfItemsIsRefused() {
        assertInvalid(
                () -> items(Order::lines)
                        .contains(new Line("s3cret", 1, List.of()))
                        .toFilter(orders),
                "compares with a DOCUMENT");
        assertInvalid(
                () -> items(Order::lines).any(key(OrderKey::number).eq(1L)).toFilter(orders),
                "speaks of key().OrderKey::number",
                "only the filter around it");
        assertInvalid(
                () -> items(Order::seenStates).any(each -> each.gt(Status.NEW)).toFilter(orders), "is kept as a text");
        Field<?, ?>[] leaked = new Field<?, ?>[1];
        items(Order::tags).any(tag -> {
            leaked[0] = tag;
            return tag.eq("x");
        });
        assertInvalid(() -> leaked[0].exists().toFilter(orders), "outside of the filter on its items");
        assertInvalid(() -> items(Order::tags).contains("a\0s3cret").toFilter(orders), "NUL");
    }

    @Test
    void keysAreSpokenOfInTheirOwnMapping() {
        OrderKey value = new OrderKey(new Place("eu", 2), 7, Status.SHIPPED);
        Filter whole = wholeKey().eq(value).toFilter(orders);
        assertThat(whole).isInstanceOfSatisfying(Filter.Compare.class, compare -> {
            assertThat(compare.path()).isEqualTo(FieldPath.key());
            assertThat(compare.value())
                    .isInstanceOfSatisfying(
                            Document.class,
                            document -> assertThat(document.names()).containsExactly("place", "no", "status"));
        });
        assertThat(key(OrderKey::place).dot(Place::region).eq("eu").toFilter(orders))
                .isEqualTo(compare(FieldPath.key("place.r"), Operator.EQ, "eu"));
        assertThat(wholeKey().dot(OrderKey::number).gt(5L).toFilter(orders))
                .isEqualTo(compare(FieldPath.key("no"), Operator.GT, 5L));
        assertThat(key(OrderKey::status).eq(Status.SHIPPED).toFilter(orders))
                .isEqualTo(compare(FieldPath.key("status"), Operator.EQ, "sent"));
        assertThat(new Field<Order, String>(List.of(PathStep.From.KEY))
                        .startsWith("o-")
                        .toFilter(texts))
                .isEqualTo(new Filter.Prefix(FieldPath.key(), "o-"));
        assertThat(sortBy(key(OrderKey::place).dot(Place::zone))
                        .thenBy(wholeKey())
                        .descending()
                        .toFindOptions(orders)
                        .sort())
                .isEqualTo(Sort.ascending(FieldPath.key("place.zone")).then(Sort.descending(FieldPath.key())));
    }

    @Test
    void whatIsNoKeyOfTheTableIsRefused() {
        assertInvalid(
                () -> key(OtherKey::place).exists().toFilter(orders),
                "key().OtherKey::place is no component of the keys of shop.orders",
                "OrderKey");
        assertInvalid(
                () -> key(OrderKey::number).eq(1L).toFilter(texts),
                "is no component of the keys of shop.texts",
                "String");
        assertInvalid(() -> wholeKey().lt(null), "the argument value is null");
        assertInvalid(() -> wholeKey().eq(null).toFilter(orders), "no key is null");
        assertInvalid(() -> sortBy(key(OrderKey::status)).toFindOptions(orders), "is kept as a text");
        assertInvalid(() -> sortBy(key(OrderKey::place)).toFindOptions(orders), "holds a document or map");
        assertInvalid(
                () -> field(Order::parcels)
                        .set(1)
                        .and(new EntryPatch<>(new EntryPatch.Set(wholeKey(), null)))
                        .toPatch(orders),
                "a patch is on key()");
        assertInvalid(() -> index(key(OrderKey::number)).toIndex(orders), "the index by-no is on key(no)");
        assertInvalid(
                () -> limit(1).only(List.of(key(OrderKey::number))).toFindOptions(orders),
                "a projection is on key(no)");
    }
}
