package org.corestack.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.ValueType;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MappingTest {
    private static final Key KEY = Key.of("k-1");

    enum Status {
        NEW,
        SHIPPED {
            @Override
            boolean isFinal() {
                return true;
            }
        };

        boolean isFinal() {
            return false;
        }

        @Override
        public String toString() {
            return "status " + name();
        }
    }

    record Address(String street, @Nullable String city, Optional<Integer> floor) {}

    @SuppressWarnings("ArrayRecordComponent") // users have them
    record Everything(
            boolean truth,
            byte tiny,
            short small,
            int medium,
            long large,
            float single,
            double twice,
            char letter,
            Integer boxed,
            Long boxedLarge,
            BigDecimal decimal,
            BigInteger integer,
            String text,
            byte[] content,
            Bytes bytes,
            UUID id,
            Instant moment,
            Duration lasting,
            LocalDate day,
            LocalTime hour,
            LocalDateTime local,
            OffsetDateTime offset,
            ZonedDateTime zoned,
            DayOfWeek weekday,
            Status status,
            Address address,
            List<Address> addresses,
            Set<Status> statuses,
            Map<String, @Nullable Integer> counts,
            Map<Status, Instant> since,
            Map<UUID, String> names,
            Map<Integer, BigDecimal> prices,
            Optional<String> nick,
            Optional<Instant> seen,
            OptionalInt number,
            int[] numbers,
            List<List<Long>> table,
            Document extra,
            Object any) {}

    private static Everything everything() {
        Map<String, @Nullable Integer> counts = new LinkedHashMap<>();
        counts.put("a", 1);
        counts.put("none", null);
        return new Everything(
                true,
                Byte.MIN_VALUE,
                Short.MAX_VALUE,
                Integer.MIN_VALUE,
                Long.MAX_VALUE,
                0.1f,
                Double.MIN_VALUE,
                'ü',
                7,
                7L,
                new BigDecimal("1.10"),
                new BigInteger("9".repeat(34)),
                "naïve 𝄞",
                new byte[] {0, -1},
                Bytes.of((byte) 1),
                UUID.fromString("12345678-9abc-4def-8123-456789abcdef"),
                Instant.parse("1969-12-31T23:59:59.999Z"),
                Duration.ofSeconds(90, 1),
                LocalDate.of(2026, 2, 28),
                LocalTime.of(23, 59),
                LocalDateTime.of(2026, 1, 2, 3, 4, 5),
                OffsetDateTime.parse("2026-01-02T03:04:05.006+05:30"),
                ZonedDateTime.parse("2026-07-02T03:04:05+02:00[Europe/Berlin]"),
                DayOfWeek.FRIDAY,
                Status.SHIPPED,
                new Address("Main", null, Optional.empty()),
                List.of(new Address("Side", "Town", Optional.of(3))),
                Set.of(Status.NEW),
                counts,
                new EnumMap<>(Map.of(Status.SHIPPED, Instant.EPOCH)),
                Map.of(new UUID(1, 2), "x"),
                Map.of(-5, new BigDecimal("0.00")),
                Optional.of("Bob"),
                Optional.empty(),
                OptionalInt.of(5),
                new int[] {1, 2},
                List.of(List.of(1L), List.of()),
                Document.of("deep", Document.of("id", new UUID(3, 4))),
                List.of(1, 2L, new BigDecimal("3.0"), Instant.EPOCH, "x", Map.of("y", true)));
    }

    private static <E> EntryMapper<E> mapper(Class<E> type) {
        return new EntryMapper<>("shop.things", type, EntryShape.NATIVE);
    }

    private static <E> E roundTrip(Class<E> type, E value) {
        EntryMapper<E> mapper = mapper(type);
        return mapper.toValue(KEY, mapper.toDocument(KEY, value));
    }

    @Test
    void everythingComesBackEqual() {
        Everything back = roundTrip(Everything.class, everything());
        assertThat(back).usingRecursiveComparison().isEqualTo(everything());
        assertThat(back.decimal()).isEqualTo(new BigDecimal("1.10"));
        assertThat(back.any()).isEqualTo(everything().any());
    }

    @Test
    void valuesKeepTheirTypes() {
        Document document = mapper(Everything.class).toDocument(KEY, everything());
        assertThat(ValueType.of(document.get("tiny"))).isEqualTo(ValueType.INT32);
        assertThat(ValueType.of(document.get("medium"))).isEqualTo(ValueType.INT32);
        assertThat(document.get("boxedLarge")).isEqualTo(7L);
        assertThat(document.get("single")).isEqualTo((double) 0.1f);
        assertThat(document.get("letter")).isEqualTo("ü");
        assertThat(document.get("decimal")).isEqualTo(new BigDecimal("1.10"));
        assertThat(ValueType.of(document.get("integer"))).isEqualTo(ValueType.DECIMAL);
        assertThat(document.get("content")).isEqualTo(Bytes.of((byte) 0, (byte) -1));
        assertThat(document.get("bytes")).isEqualTo(Bytes.of((byte) 1));
        assertThat(ValueType.of(document.get("id"))).isEqualTo(ValueType.UUID);
        assertThat(ValueType.of(document.get("moment"))).isEqualTo(ValueType.INSTANT);
        assertThat(document.get("lasting")).isEqualTo("PT1M30.000000001S");
        assertThat(document.get("day")).isEqualTo("2026-02-28");
        assertThat(document.get("offset")).isEqualTo("2026-01-02T03:04:05.006+05:30");
        assertThat(document.get("zoned")).isEqualTo("2026-07-02T03:04:05+02:00[Europe/Berlin]");
        assertThat(document.get("status")).isEqualTo("SHIPPED");
        assertThat(document.get("since")).isEqualTo(Document.of("SHIPPED", Instant.EPOCH));
        assertThat(document.get("counts")).isEqualTo(Document.of("a", 1, "none", null));
        assertThat(document.get("address")).isEqualTo(Document.of("street", "Main"));
        assertThat(document.get("extra")).isEqualTo(everything().extra());
        assertThat(document.contains("seen")).isFalse();
        assertThat(document.names()).startsWith("truth", "tiny", "small");
    }

    @Test
    void instantsAreCutToMilliseconds() {
        record Seen(Instant at) {}
        assertThat(roundTrip(Seen.class, new Seen(Instant.parse("2026-01-01T00:00:00.123999Z"))))
                .isEqualTo(new Seen(Instant.parse("2026-01-01T00:00:00.123Z")));
    }

    @Test
    void anAnnotatedInstantIsTheTextThatWasAskedFor() {
        record Seen(
                @JsonFormat(shape = JsonFormat.Shape.STRING) Instant at,
                @JsonFormat(shape = JsonFormat.Shape.STRING) UUID id) {}
        Document document = mapper(Seen.class).toDocument(KEY, new Seen(Instant.EPOCH, new UUID(0, 1)));
        assertThat(document.get("at")).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(document.get("id")).isEqualTo("00000000-0000-0000-0000-000000000001");
        assertThat(mapper(Seen.class).toValue(KEY, document)).isEqualTo(new Seen(Instant.EPOCH, new UUID(0, 1)));
    }

    // Readers of other versions

    record Old(String name, int count) {}

    record New(
            String name,
            int count,
            int added,
            Optional<String> nick,
            @Nullable Address address,
            boolean flag) {}

    @Test
    void anOlderTypePassesOverWhatItDoesNotKnow() {
        Document document = mapper(New.class)
                .toDocument(KEY, new New("a", 1, 2, Optional.of("x"), new Address("s", "c", Optional.empty()), true));
        assertThat(mapper(Old.class).toValue(KEY, document)).isEqualTo(new Old("a", 1));
    }

    @Test
    void aNewerTypeReadsWhatIsMissingAsNothing() {
        Document document = mapper(Old.class).toDocument(KEY, new Old("a", 1));
        New expected = new New("a", 1, 0, Optional.empty(), null, false);
        assertThat(mapper(New.class).toValue(KEY, document)).isEqualTo(expected);
        Document nulls = document.with("added", null)
                .with("nick", null)
                .with("address", null)
                .with("flag", null);
        assertThat(mapper(New.class).toValue(KEY, nulls)).isEqualTo(expected);
    }

    @Test
    void widerNumbersAreReadWhereTheyFit() {
        assertThat(mapper(Old.class).toValue(KEY, Document.of("name", "a", "count", 5L)))
                .isEqualTo(new Old("a", 5));
        record Wide(double count) {}
        assertThat(mapper(Wide.class).toValue(KEY, Document.of("count", 5))).isEqualTo(new Wide(5));
        record Exact(BigDecimal count) {}
        assertThat(mapper(Exact.class).toValue(KEY, Document.of("count", 5L)))
                .isEqualTo(new Exact(BigDecimal.valueOf(5)));
    }

    @Test
    void whatDoesNotFitIsUnsupportedAndNamed() {
        assertUnreadable(
                Old.class, Document.of("name", "a", "count", 1L << 40), "at count: it holds a value of type INT64");
        assertUnreadable(
                Old.class, Document.of("name", "a", "count", "secret"), "at count: it holds a value of type STRING");
        assertUnreadable(
                Old.class, Document.of("name", "a", "count", 1.5), "at count: it holds a value of type DOUBLE");
        assertUnreadable(
                Old.class, Document.of("name", "a", "count", 1.0), "at count: it holds a value of type DOUBLE");
        assertUnreadable(Old.class, Document.of("name", 12, "count", 1), "at name: it holds a value of type INT32");
        assertUnreadable(
                Old.class, Document.of("name", Document.empty()), "at name: it holds a value of type DOCUMENT");
        assertUnreadable(
                Everything.class, Document.of("status", "secret"), "at status: it holds a value of type STRING");
        assertUnreadable(Everything.class, Document.of("status", 0), "at status: it holds a value of type INT32");
        assertUnreadable(
                Everything.class,
                Document.of("addresses", List.of(Document.empty(), Document.of("floor", "secret"))),
                "at addresses[1].floor: it holds a value of type STRING, it has to make a java.lang.Integer");
    }

    private static void assertUnreadable(Class<?> type, Document document, String message) {
        assertThatThrownBy(() -> mapper(type).toValue(KEY, document)).isInstanceOfSatisfying(CoreException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED);
            assertThat(e.getMessage())
                    .contains("the document k-1 of shop.things does not fit " + type.getName(), message)
                    .doesNotContain("secret");
        });
    }

    @Test
    void aConstructorThatThrowsIsUnsupported() {
        @SuppressWarnings("UnusedMethod") // Jackson calls it
        record Picky(int count) {
            Picky {
                if (count < 0) {
                    throw new IllegalStateException("negative");
                }
            }
        }
        assertThatThrownBy(() -> mapper(Picky.class).toValue(KEY, Document.of("count", -1)))
                .isInstanceOfSatisfying(CoreException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED);
                    assertThat(e.getMessage()).contains("java.lang.IllegalStateException was thrown");
                    assertThat(e).hasRootCauseMessage("negative");
                });
    }

    // What can't be kept

    record Card(String number) {
        @Override
        public String number() {
            if (!number.isEmpty()) {
                throw new IllegalStateException("no such card: " + number);
            }
            return number;
        }
    }

    @Test
    void whatAUsersCodeSaysIsNotShown() {
        assertThatThrownBy(() -> mapper(Card.class).toDocument(KEY, new Card("s3cret")))
                .isInstanceOfSatisfying(CoreException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(e.getMessage())
                            .contains("at number, java.lang.IllegalStateException was thrown")
                            .doesNotContain("s3cret");
                    assertThat(e).hasRootCauseMessage("no such card: s3cret");
                });
    }

    record Node(@Nullable Node next, @Nullable Object value) {}

    @Test
    void whatCantBeKeptIsInvalidAndNamed() {
        assertUnwritable(
                new Node(new Node(null, "a\0b"), null), "at next.value, the value of the field value holds a NUL");
        assertUnwritable(new Node(null, List.of(1, Double.NaN)), "at value");
        assertUnwritable(new Node(null, new BigDecimal("1".repeat(35))), "has 35 digits");
        assertUnwritable(new Node(null, BigInteger.TEN.pow(34)), "has 35 digits");
        assertUnwritable(new Node(null, Map.of("", 1)), "is empty");
        assertUnwritable(new Node(null, Instant.MAX), "years 0 to 9999");
        assertUnwritable(new Node(null, new Object()), "java.lang.Object");
    }

    private static void assertUnwritable(Node node, String message) {
        assertThatThrownBy(() -> mapper(Node.class).toDocument(KEY, node))
                .isInstanceOfSatisfying(CoreException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(e.getMessage()).contains("the entry k-1 of shop.things can't be kept: ", message);
                });
    }

    static final class Loop {
        public Loop self() {
            return this;
        }

        @JsonProperty
        public List<Loop> loops() {
            return List.of(this);
        }
    }

    @Test
    void anObjectWithinItselfIsInvalid() {
        Node deep = new Node(null, 1);
        for (int i = 0; i < 120; i++) {
            deep = new Node(deep, 1);
        }
        assertUnwritable(deep, "nested more than 100 levels deep");
        assertThatThrownBy(() -> mapper(Loop.class).toDocument(KEY, new Loop()))
                .isInstanceOfSatisfying(
                        CoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void aGetterThatThrowsIsInvalid() {
        record Broken(String name) {
            @Override
            @SuppressWarnings("UnusedMethod") // Jackson calls it
            public String name() {
                throw new IllegalStateException("no name");
            }
        }
        assertThatThrownBy(() -> mapper(Broken.class).toDocument(KEY, new Broken("x")))
                .isInstanceOfSatisfying(CoreException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(e).hasRootCauseMessage("no name");
                });
    }

    static final class NothingSeen {
        private final String secret = "kept nowhere";

        String hidden() {
            return secret;
        }
    }

    @Test
    void typesThatAreNoDocumentsAreRefusedAtOnce() {
        for (Class<?> type : List.of(
                String.class, Integer.class, Instant.class, UUID.class, int[].class, Status.class, NothingSeen.class)) {
            assertThatThrownBy(() -> mapper(type)).isInstanceOfSatisfying(CoreException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                assertThat(e.getMessage()).contains("the entries of shop.things", type.getName());
            });
        }
    }

    // Records and classes

    record Helped(int count) {
        public boolean isMany() {
            return count > 1;
        }

        public String getText() {
            return "x";
        }
    }

    @Test
    void aRecordIsItsComponents() {
        assertThat(mapper(Helped.class).toDocument(KEY, new Helped(2))).isEqualTo(Document.of("count", 2));
    }

    static class Person {
        private String name = "";
        private boolean active;

        public String getName() {
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }

        public boolean isActive() {
            return active;
        }

        public void setActive(boolean active) {
            this.active = active;
        }
    }

    @Test
    void plainClassesWork() {
        Person person = new Person();
        person.setName("Ann");
        person.setActive(true);
        Document document = mapper(Person.class).toDocument(KEY, person);
        assertThat(document).isEqualTo(Document.of("name", "Ann", "active", true));
        assertThat(mapper(Person.class).toValue(KEY, document))
                .usingRecursiveComparison()
                .isEqualTo(person);
    }

    @Test
    void anUpdateRemovesWhatTheTypeKnowsAndTheValueHasNot() {
        @JsonInclude(JsonInclude.Include.ALWAYS)
        record Always(String name, @Nullable String city) {}
        record Renamed(@JsonProperty("n") String name, Optional<String> nick) {}
        EntryMapper.Update update = mapper(Always.class).toUpdate(KEY, new Always("a", null));
        assertThat(update.set()).isEqualTo(Document.of("name", "a"));
        assertThat(update.unset()).containsExactly("city");
        update = mapper(Renamed.class).toUpdate(KEY, new Renamed("a", Optional.empty()));
        assertThat(update.set()).isEqualTo(Document.of("n", "a"));
        assertThat(update.unset()).containsExactly("nick");
    }
}
