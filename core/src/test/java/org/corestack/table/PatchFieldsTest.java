package org.corestack.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.corestack.table.Fields.advance;
import static org.corestack.table.Fields.expiring;
import static org.corestack.table.Fields.field;
import static org.corestack.table.Fields.ifMatches;
import static org.corestack.table.Fields.ifVersion;
import static org.corestack.table.Fields.index;
import static org.corestack.table.Fields.items;
import static org.corestack.table.Fields.limit;
import static org.corestack.table.Fields.named;
import static org.corestack.table.Fields.setServerTime;
import static org.corestack.table.Fields.sortBy;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.document.Bytes;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Patch;
import org.corestack.document.Sort;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/** What patches, conditions, options and indexes are in the terms of documents. */
class PatchFieldsTest {
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

    private final FieldResolver orders = new EntryMapper<>("shop.orders", Order.class, EntryShape.NATIVE)
            .fields()
            .withKeys(new KeyMapper<>("shop.orders", OrderKey.class, EntryShape.NATIVE));

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

    @Test
    void patchesBesidesSetAndIncrement() {
        assertThat(field(Order::parcels)
                        .max(3)
                        .and(setServerTime(field(Order::placedAt)))
                        .and(advance(field(Order::revision)))
                        .and(items(Order::tags).append("x"))
                        .and(items(Order::seenStates).appendIfAbsent(Status.SHIPPED))
                        .and(items(Order::printed).remove(Instant.EPOCH))
                        .toPatch(orders))
                .isEqualTo(Patch.max(FieldPath.of("parcels"), 3)
                        .and(Patch.serverTime(FieldPath.of("placed_at")))
                        .and(Patch.advance(FieldPath.of("revision")))
                        .and(Patch.append(FieldPath.of("tags"), "x"))
                        .and(Patch.appendIfAbsent(FieldPath.of("seen_states"), "sent"))
                        .and(Patch.remove(FieldPath.of("printed"), "1970-01-01T00:00:00Z")));
        assertThat(items(Order::lines)
                        .append(new Line("X", 1, List.of(Status.SHIPPED)))
                        .toPatch(orders))
                .isEqualTo(Patch.append(
                        FieldPath.of("items"),
                        Document.from(Map.of("stock_unit", "X", "count", 1, "past_states", List.of("sent")))));
        assertThat(field(Order::main).items(Line::pastStates).append(Status.NEW).toPatch(orders))
                .isEqualTo(Patch.append(FieldPath.of("main.past_states"), "NEW"));
    }

    @Test
    void patchesThatTheMappingForbidsAreRefused() {
        assertInvalid(() -> field(Order::status).max(Status.NEW).toPatch(orders), "is kept as a text");
        assertInvalid(
                () -> setServerTime(field(Order::printedAt)).toPatch(orders),
                "Order::printedAt can't be set to the database's time",
                "not kept as instants");
        record Printed(
                @JsonFormat(shape = JsonFormat.Shape.STRING) Long number) {}
        FieldResolver printed = new EntryMapper<>("shop.printed", Printed.class, EntryShape.NATIVE).fields();
        assertInvalid(() -> advance(field(Printed::number)).toPatch(printed), "can't be advanced", "64 bit integers");
        assertInvalid(
                () -> items(Order::lines)
                        .remove(new Line("s3cret", 1, List.of()))
                        .toPatch(orders),
                "must be a scalar");
        assertInvalid(
                () -> items(Order::tags)
                        .append("x")
                        .and(items(Order::tags).remove("y"))
                        .toPatch(orders),
                "touches tags twice");
    }

    @Test
    void conditionsSpeakOfDocuments() {
        assertThat(ifVersion(3).toCondition(orders)).isEqualTo(Condition.ifVersion(3));
        assertThat(EntryCondition.none().toCondition(orders)).isEqualTo(Condition.none());
        assertThat(ifMatches(field(Order::status).eq(Status.SHIPPED)).toCondition(orders))
                .isEqualTo(Condition.matching(eq("state", "sent")));
        assertInvalid(() -> ifVersion(-1), "the version -1");
        assertThat(ifMatches(field(Order::customerName).eq("s3cret")))
                .hasToString("EntryCondition(EntryFilter(Order::customerName = …))");
    }

    @Test
    void optionsPickFields() {
        assertThat(limit(5).skip(2)
                        .only(List.of(field(Order::status), field(Order::main).dot(Line::stockUnit)))
                        .toFindOptions(orders))
                .isEqualTo(FindOptions.ofDefaults()
                        .limit(5)
                        .skip(2)
                        .only(List.of(FieldPath.of("state"), FieldPath.of("main.stock_unit"))));
        assertInvalid(() -> limit(5).skip(-1), "the skip is -1");
        assertInvalid(() -> limit(5).only(List.of()), "needs a field");
        assertInvalid(
                () -> EntryOptions.<Order>ofDefaults().only(Arrays.asList((Field<Order, ?>) null)),
                "fields[0] is null");
        FieldResolver shapes =
                new EntryMapper<>("shop.shapes", SealedMappingTest.Shape.class, EntryShape.NATIVE).fields();
        assertThat(limit(5).only(List.of(field(SealedMappingTest.Shape::name)))
                        .toFindOptions(shapes)
                        .only())
                .containsExactly(FieldPath.of("name"), FieldPath.of("_type"));
    }

    @Test
    void listsAndDocumentsCantBeSortedBy() {
        for (Field<Order, ?> wrong : List.<Field<Order, ?>>of(
                field(Order::tags),
                field(Order::seenStates),
                field(Order::labels),
                field(Order::main),
                named("x", List.class),
                named("x", Map.class),
                named("x", String[].class),
                named("x", Document.class))) {
            assertInvalid(() -> sortBy(wrong).toFindOptions(orders), "can't be ordered: it holds a", "by a scalar");
        }
        assertInvalid(() -> sortBy(field(Order::before)).toFindOptions(orders), "Status is kept as a text");
        for (Field<Order, ?> right : List.<Field<Order, ?>>of(
                field(Order::image),
                field(Order::total),
                field(Order::revision),
                field(Order::main).dot(Line::count),
                named("x", Object.class))) {
            assertThat(sortBy(right).toFindOptions(orders).sort().terms()).hasSize(1);
        }
    }

    @Test
    void indexesSpeakOfDocuments() {
        assertThat(index(field(Order::status))
                        .thenBy(field(Order::placedAt))
                        .descending()
                        .unique()
                        .sparse()
                        .toIndex(orders))
                .isEqualTo(Index.of(List.of(
                                new Sort.Term(FieldPath.of("state"), false),
                                new Sort.Term(FieldPath.of("placed_at"), true)))
                        .asUnique()
                        .asSparse());
        assertThat(expiring(field(Order::placedAt), Duration.ofDays(1))
                        .named("old")
                        .toIndex(orders))
                .isEqualTo(Index.on(FieldPath.of("placed_at"))
                        .expiring(Duration.ofDays(1))
                        .named("old"));
        assertInvalid(
                () -> expiring(field(Order::printedAt), Duration.ofDays(1)).toIndex(orders), "not kept as instants");
        assertInvalid(
                () -> expiring(field(Order::placedAt), Duration.ofMillis(1)).toIndex(orders), "whole seconds");
        assertInvalid(() -> index(field(Order::status)).named("a b").toIndex(orders), "'a b' is not an index name");
        assertThat(index(field(Order::status)).unique()).hasToString("EntryIndex([Order::status], unique)");
    }
}
