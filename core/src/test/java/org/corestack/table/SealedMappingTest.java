package org.corestack.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SealedMappingTest {
    private static final Key KEY = Key.of("k");

    sealed interface Shape {
        String name();

        record Circle(String name, double radius, Instant made, BigDecimal price) implements Shape {}

        sealed interface Cornered extends Shape {}

        record Square(String name, int side) implements Cornered {}

        record Triangle(String name, int a, int b, @Nullable Shape inner) implements Cornered {}

        record Nothing() implements Shape {
            @Override
            public String name() {
                return "nothing";
            }
        }
    }

    record Drawing(
            Shape first,
            Shape.Circle circle,
            List<Shape> more,
            Map<String, Shape> named,
            Optional<Shape> last,
            @Nullable Object any) {}

    private static final Shape.Circle CIRCLE =
            new Shape.Circle("c", 1.5, Instant.ofEpochMilli(5), new BigDecimal("1.20"));

    private static <E> EntryMapper<E> mapper(Class<E> type) {
        return new EntryMapper<>("shop.shapes", type, EntryShape.NATIVE);
    }

    private static <E> E roundTrip(Class<E> type, E value) {
        EntryMapper<E> mapper = mapper(type);
        return mapper.toValue(KEY, mapper.toDocument(KEY, value));
    }

    @Test
    void aSealedEntryComesBackAsWhatItWas() {
        for (Shape shape : List.of(
                CIRCLE,
                new Shape.Square("s", 2),
                new Shape.Triangle("t", 3, 4, new Shape.Triangle("u", 1, 1, CIRCLE)),
                new Shape.Nothing())) {
            assertThat(roundTrip(Shape.class, shape)).isEqualTo(shape);
        }
        assertThat(mapper(Shape.class).toDocument(KEY, new Shape.Square("s", 2)))
                .isEqualTo(Document.builder()
                        .put("_type", "Square")
                        .put("name", "s")
                        .put("side", 2)
                        .build());
    }

    @Test
    void sealedValuesAnywhereComeBack() {
        Drawing drawing = new Drawing(
                new Shape.Nothing(),
                CIRCLE,
                List.of(CIRCLE, new Shape.Square("s", 2)),
                Map.of("x", new Shape.Square("s", 3)),
                Optional.of(CIRCLE),
                null);
        assertThat(roundTrip(Drawing.class, drawing)).isEqualTo(drawing);
    }

    @Test
    void theTypeFieldMayStandAnywhere() {
        Document first = mapper(Shape.class).toDocument(KEY, CIRCLE);
        Document last = first.without("_type").with("_type", "Circle");
        assertThat(last.names()).last().isEqualTo("_type");
        assertThat(mapper(Shape.class).toValue(KEY, last)).isEqualTo(CIRCLE);
    }

    @Test
    void anEntryOfAnUnknownOrMissingKindIsUnsupported() {
        for (Document document : List.of(Document.of("_type", "Oval"), Document.of("name", "x"))) {
            assertThatThrownBy(() -> mapper(Shape.class).toValue(KEY, document))
                    .isInstanceOfSatisfying(
                            CoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED));
        }
    }

    @Test
    void aTableOfOneKindIsReadByATableOfAll() {
        Document document = mapper(Shape.Circle.class).toDocument(KEY, CIRCLE);
        assertThat(mapper(Shape.class).toValue(KEY, document)).isEqualTo(CIRCLE);
        assertThat(mapper(Shape.Circle.class).toValue(KEY, document)).isEqualTo(CIRCLE);
    }

    @Test
    void anUpdateToAnotherKindRemovesTheFieldsOfTheFirst() {
        EntryMapper.Update update = mapper(Shape.class).toUpdate(KEY, new Shape.Square("s", 2));
        assertThat(update.set().names()).containsExactly("_type", "name", "side");
        assertThat(update.unset()).containsExactlyInAnyOrder("radius", "made", "price", "a", "b", "inner");
    }

    @Test
    void anEnumWithBodiesAndStringsAreNotSealedTypes() {
        enum Op {
            PLUS {},
            MINUS {}
        }
        record Step(Op op, String text, Comparable<?> any) {}
        assertThat(mapper(Step.class).toDocument(KEY, new Step(Op.PLUS, "x", "y")))
                .isEqualTo(Document.builder()
                        .put("op", "PLUS")
                        .put("text", "x")
                        .put("any", "y")
                        .build());
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    sealed interface Annotated {
        @JsonTypeName("one")
        record One(UUID id) implements Annotated {}

        record Two(int x) implements Annotated {}
    }

    @Test
    void annotationsWin() {
        Annotated one = new Annotated.One(new UUID(1, 2));
        assertThat(mapper(Annotated.class).toDocument(KEY, one))
                .isEqualTo(Document.of("kind", "one", "id", new UUID(1, 2)));
        assertThat(roundTrip(Annotated.class, one)).isEqualTo(one);
        assertThat(roundTrip(Annotated.class, new Annotated.Two(1))).isEqualTo(new Annotated.Two(1));
    }

    sealed interface Clashing {
        record Same(int x) implements Clashing {}

        final class Other implements Clashing {
            private Other() {}

            record Same(int x) {}
        }

        sealed interface Nested extends Clashing {
            record Same(int x) implements Nested {}
        }
    }

    @Test
    void twoKindsOfOneNameAreRefused() {
        assertThatThrownBy(() -> mapper(Clashing.class)).isInstanceOfSatisfying(CoreException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(e.getMessage()).contains("have one simple name", "@JsonTypeName");
        });
    }

    sealed interface Open {
        record Known(int x) implements Open {}

        non-sealed class Any implements Open {
            public int getY() {
                return 1;
            }
        }
    }

    static final class Stranger extends Open.Any {}

    @Test
    void aKindThatCouldNotBeReadAgainIsRefused() {
        assertThat(roundTrip(Open.class, new Open.Known(1))).isEqualTo(new Open.Known(1));
        assertThatThrownBy(() -> mapper(Open.class).toDocument(KEY, new Stranger()))
                .isInstanceOfSatisfying(CoreException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(e.getMessage()).contains("not a permitted subclass");
                });
    }

    interface Unsealed {
        String getName();
    }

    @Test
    void anInterfaceOfUnknownKindsIsRefused() {
        assertThatThrownBy(() -> mapper(Unsealed.class)).isInstanceOfSatisfying(CoreException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(e.getMessage()).contains("could not be read again");
        });
    }
}
