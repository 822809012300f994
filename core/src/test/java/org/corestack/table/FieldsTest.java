package org.corestack.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.corestack.table.Fields.all;
import static org.corestack.table.Fields.field;
import static org.corestack.table.Fields.limit;
import static org.corestack.table.Fields.named;
import static org.corestack.table.Fields.sortBy;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.FindOptions;
import org.corestack.document.Patch;
import org.corestack.document.Sort;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

class FieldsTest {
    enum Status {
        NEW,
        @JsonProperty("sent")
        SHIPPED
    }

    interface Named {
        String name();
    }

    record Address(String street, @JsonProperty("town") String city) {}

    record Order(
            String name,
            @JsonProperty("state") Status status,
            BigDecimal total,
            int parcels,
            long weight,
            float rate,
            Instant placed,
            Duration lasting,
            OffsetDateTime local,
            LocalDate day,
            UUID id,
            Address address,
            Optional<String> nick,
            @Nullable Boolean paid,
            List<String> tags,
            BigInteger big,
            @JsonFormat(shape = JsonFormat.Shape.STRING) Instant printed)
            implements Named {
        boolean late() {
            return false;
        }

        static String text(Order order) {
            return order.name();
        }

        String tag(int index) {
            return tags.get(index);
        }
    }

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    static class Person {
        private String firstName = "";
        private boolean active;

        @JsonProperty
        private int visitCount;

        public String getFirstName() {
            return firstName;
        }

        public void setFirstName(String name) {
            firstName = name;
        }

        public boolean isActive() {
            return active;
        }

        public void setActive(boolean value) {
            active = value;
        }

        int getVisitCount() {
            return visitCount;
        }

        void visit() {
            visitCount++;
        }
    }

    static final class Employee extends Person {
        public String getDesk() {
            return "1";
        }
    }

    private final FieldResolver orders = new EntryMapper<>("shop.orders", Order.class, EntryShape.NATIVE).fields();
    private final FieldResolver people = new EntryMapper<>("shop.people", Employee.class, EntryShape.NATIVE).fields();

    private static Filter compare(String path, Operator operator, @Nullable Object value) {
        return Filter.compare(FieldPath.of(path), operator, value);
    }

    @Test
    void aFilterSpeaksOfDocuments() {
        Instant now = Instant.ofEpochMilli(1);
        assertThat(field(Order::status)
                        .eq(Status.SHIPPED)
                        .and(field(Order::placed).lt(now))
                        .and(field(Order::address).dot(Address::city).eq("Rome"))
                        .toFilter(orders))
                .isEqualTo(compare("state", Operator.EQ, "sent")
                        .and(compare("placed", Operator.LT, now))
                        .and(compare("address.town", Operator.EQ, "Rome")));
        assertThat(all().toFilter(orders)).isEqualTo(Filter.all());
    }

    @Test
    void valuesHaveTheFormThatEntriesHave() {
        assertThat(field(Order::parcels).gt(1).toFilter(orders)).isEqualTo(compare("parcels", Operator.GT, 1));
        assertThat(field(Order::weight).gte(1L).toFilter(orders)).isEqualTo(compare("weight", Operator.GTE, 1L));
        assertThat(field(Order::rate).lte(0.1f).toFilter(orders))
                .isEqualTo(compare("rate", Operator.LTE, (double) 0.1f));
        assertThat(field(Order::total).eq(new BigDecimal("1.10")).toFilter(orders))
                .isEqualTo(compare("total", Operator.EQ, new BigDecimal("1.10")));
        assertThat(field(Order::day).lt(LocalDate.of(2026, 1, 2)).toFilter(orders))
                .isEqualTo(compare("day", Operator.LT, "2026-01-02"));
        assertThat(field(Order::lasting).eq(Duration.ofSeconds(1)).toFilter(orders))
                .isEqualTo(compare("lasting", Operator.EQ, "PT1S"));
        assertThat(field(Order::id).eq(new UUID(1, 2)).toFilter(orders))
                .isEqualTo(compare("id", Operator.EQ, new UUID(1, 2)));
        assertThat(field(Order::nick).eq(Optional.of("Bob")).toFilter(orders))
                .isEqualTo(compare("nick", Operator.EQ, "Bob"));
        assertThat(field(Order::big).eq(BigInteger.TEN).toFilter(orders))
                .isEqualTo(compare("big", Operator.EQ, BigDecimal.TEN));
        assertThat(field(Order::printed).eq(Instant.EPOCH).toFilter(orders))
                .isEqualTo(compare("printed", Operator.EQ, "1970-01-01T00:00:00Z"));
        assertThat(field(Order::placed)
                        .eq(Instant.parse("2026-01-01T00:00:00.000999Z"))
                        .toFilter(orders))
                .isEqualTo(compare("placed", Operator.EQ, Instant.parse("2026-01-01T00:00:00Z")));
    }

    @Test
    void nullAndEmptyMeanTheMissingField() {
        Filter missing = compare("nick", Operator.EQ, null);
        assertThat(field(Order::nick).eq(null).toFilter(orders)).isEqualTo(missing);
        assertThat(field(Order::nick).eq(Optional.empty()).toFilter(orders)).isEqualTo(missing);
    }

    @Test
    void gettersAreNamedAsJacksonNamesThem() {
        assertThat(field(Person::getFirstName).eq("Ann").toFilter(people))
                .isEqualTo(compare("first_name", Operator.EQ, "Ann"));
        assertThat(field(Person::isActive).eq(true).toFilter(people)).isEqualTo(compare("active", Operator.EQ, true));
        assertThat(field(Person::getVisitCount).eq(1).toFilter(people))
                .isEqualTo(compare("visit_count", Operator.EQ, 1));
        assertThat(field(Employee::getDesk)
                        .eq("1")
                        .and(field(Employee::getFirstName).eq("Ann"))
                        .toFilter(people))
                .isEqualTo(compare("desk", Operator.EQ, "1").and(compare("first_name", Operator.EQ, "Ann")));
        assertThat(field(Named::name).eq("x").toFilter(orders)).isEqualTo(compare("name", Operator.EQ, "x"));
    }

    @Test
    void namedFieldsAreTheWayToWhatTheTypeDoesNotShow() {
        assertThat(named("labels.color", String.class).eq("red").toFilter(orders))
                .isEqualTo(compare("labels.color", Operator.EQ, "red"));
        assertThat(named("nick", String.class).gt("A").toFilter(orders)).isEqualTo(compare("nick", Operator.GT, "A"));
        assertThat(named("state", Status.class).eq(Status.SHIPPED).toFilter(orders))
                .isEqualTo(compare("state", Operator.EQ, "sent"));
        assertThat(named("state", String.class).lt("z").toFilter(orders)).isEqualTo(compare("state", Operator.LT, "z"));
        assertThat(named("parcels", int.class).eq(1).toFilter(orders)).isEqualTo(compare("parcels", Operator.EQ, 1));
        assertThat(named("printed", Instant.class).eq(Instant.EPOCH).toFilter(orders))
                .isEqualTo(compare("printed", Operator.EQ, "1970-01-01T00:00:00Z"));
        assertThat(named("address", Address.class).dot(Address::city).eq("Rome").toFilter(orders))
                .isEqualTo(compare("address.town", Operator.EQ, "Rome"));
        assertInvalid(() -> named("$where", String.class), "'$where' is not a plain field name");
        assertInvalid(() -> named("a..b", String.class), "'' is not a plain field name");
    }

    @Test
    void aPatchSpeaksOfDocuments() {
        FieldPath parcels = FieldPath.of("parcels");
        assertThat(field(Order::status)
                        .set(Status.SHIPPED)
                        .and(field(Order::parcels).increment(1))
                        .and(field(Order::address).dot(Address::city).set("Rome"))
                        .and(field(Order::nick).set(Optional.empty()))
                        .and(field(Order::paid).set(null))
                        .and(field(Order::total).unset())
                        .toPatch(orders))
                .isEqualTo(Patch.set(FieldPath.of("state"), "sent")
                        .and(Patch.increment(parcels, 1))
                        .and(Patch.set(FieldPath.of("address.town"), "Rome"))
                        .and(Patch.unset(FieldPath.of("nick")))
                        .and(Patch.unset(FieldPath.of("paid")))
                        .and(Patch.unset(FieldPath.of("total"))));
        assertThat(field(Order::weight).increment(-2L).toPatch(orders))
                .isEqualTo(Patch.increment(FieldPath.of("weight"), -2L));
        assertThat(field(Order::total).increment(new BigDecimal("0.10")).toPatch(orders))
                .isEqualTo(Patch.increment(FieldPath.of("total"), new BigDecimal("0.10")));
        assertThat(field(Order::tags).set(List.of("a")).toPatch(orders))
                .isEqualTo(Patch.set(FieldPath.of("tags"), List.of("a")));
        assertInvalid(
                () -> field(Order::parcels)
                        .set(1)
                        .and(field(Order::parcels).increment(1))
                        .toPatch(orders),
                "parcels twice");
    }

    @Test
    void optionsSpeakOfDocuments() {
        assertThat(sortBy(field(Order::placed))
                        .descending()
                        .thenBy(field(Order::name))
                        .limit(5)
                        .toFindOptions(orders))
                .isEqualTo(FindOptions.sortBy(
                                Sort.descending(FieldPath.of("placed")).then(Sort.ascending(FieldPath.of("name"))))
                        .limit(5));
        assertThat(Fields.<Order>limit(3).toFindOptions(orders))
                .isEqualTo(FindOptions.ofDefaults().limit(3));
        assertThat(EntryOptions.ofDefaults().toFindOptions(orders)).isEqualTo(FindOptions.ofDefaults());
        assertInvalid(() -> limit(0), "must be positive");
        assertInvalid(() -> EntryOptions.ofDefaults().descending(), "begin with sortBy");
        assertInvalid(
                () -> sortBy(field(Order::name)).thenBy(field(Order::name)).toFindOptions(orders), "a field twice");
    }

    @Test
    void anOrderThatTextsHaveNotIsRefused() {
        for (ThrowingCallable code : List.<ThrowingCallable>of(
                () -> field(Order::status).lt(Status.SHIPPED).toFilter(orders),
                () -> field(Order::lasting).gt(Duration.ZERO).toFilter(orders),
                () -> field(Order::local).gt(OffsetDateTime.MAX).toFilter(orders),
                () -> sortBy(field(Order::status)).toFindOptions(orders),
                () -> sortBy(field(Order::lasting)).descending().toFindOptions(orders))) {
            assertInvalid(code, "is kept as a text, whose order is another");
        }
    }

    @Test
    void whatIsNoGetterIsRefusedAtOnce() {
        assertInvalid(() -> field((Order o) -> o.status()), "it is a lambda", "Order::status");
        assertInvalid(() -> field(Order::text), "refers to a static method", "such as Order::status");
        assertInvalid(() -> Fields.<String, Integer>field(this::length), "bound to one object");
        assertInvalid(
                () -> field(new Accessor<Order, String>() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public String get(Order entry) {
                        return "";
                    }
                }),
                "it is ");
        assertInvalid(() -> field((Accessor<Order, String>) null), "the argument accessor is null");
    }

    private int length(String text) {
        return text.length();
    }

    @Test
    void whatIsNoPropertyIsRefusedWhenItIsUsed() {
        assertInvalid(() -> field(Order::late).eq(true).toFilter(orders), "Order::late is no property of", "state");
        assertInvalid(() -> field(Order::tags).dot(List::size).eq(1).toFilter(orders), "List::size is no property of");
        record Flat(@JsonUnwrapped Address address) {}
        FieldResolver flat = new EntryMapper<>("shop.flats", Flat.class, EntryShape.NATIVE).fields();
        assertInvalid(
                () -> field(Flat::address).dot(Address::city).eq("x").toFilter(flat),
                "Flat::address is no property",
                "[street, town]");
        assertThat(named("town", String.class).eq("x").toFilter(flat)).isEqualTo(compare("town", Operator.EQ, "x"));
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"}) // what a careless caller can still do
    void wrongValuesAreRefused() {
        Field raw = field(Order::placed);
        assertInvalid(() -> raw.eq("x").toFilter(orders), "a value for the field Order::placed is a java.lang.String");
        assertInvalid(() -> field(Order::placed).lt(null), "the argument value is null");
        assertInvalid(() -> field(Order::name).eq("a\0secret").toFilter(orders), "the filter on name", "NUL");
        assertInvalid(() -> field(Order::tags).eq(List.of("a")).toFilter(orders), "compares with a LIST");
        record Priced(
                @JsonFormat(shape = JsonFormat.Shape.STRING) int price) {}
        FieldResolver priced = new EntryMapper<>("shop.prices", Priced.class, EntryShape.NATIVE).fields();
        assertInvalid(
                () -> field(Priced::price).increment(1).toPatch(priced), "can't be incremented", "not kept as numbers");
    }

    private static void assertInvalid(ThrowingCallable code, String... parts) {
        assertThatThrownBy(code).isInstanceOfSatisfying(CoreException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(e.getMessage()).contains(parts).doesNotContain("secret");
        });
    }

    @Test
    void sealedTypesShareTheirGetters() {
        FieldResolver shapes =
                new EntryMapper<>("shop.shapes", SealedMappingTest.Shape.class, EntryShape.NATIVE).fields();
        assertThat(field(SealedMappingTest.Shape::name).eq("x").toFilter(shapes))
                .isEqualTo(compare("name", Operator.EQ, "x"));
        assertThat(named("_type", String.class).eq("Circle").toFilter(shapes))
                .isEqualTo(compare("_type", Operator.EQ, "Circle"));
    }
}
