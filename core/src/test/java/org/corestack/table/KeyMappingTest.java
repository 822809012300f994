package org.corestack.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyMappingTest {
    enum Region {
        EU,
        US;

        @Override
        public String toString() {
            return "region";
        }
    }

    record Item(String sku, int size) {}

    record OrderKey(
            Region region, @JsonProperty("no") long number, UUID id, Instant at, Bytes tag, boolean test, Item item) {}

    private static <K> KeyMapper<K> mapper(Class<K> type) {
        return new KeyMapper<>("shop.orders", type, EntryShape.NATIVE);
    }

    private static <K> K roundTrip(Class<K> type, K key) {
        KeyMapper<K> mapper = mapper(type);
        return mapper.fromKey(Key.fromBytes(mapper.toKey(key).toBytes()));
    }

    @Test
    void scalarKeysComeBack() {
        assertThat(roundTrip(String.class, "ü")).isEqualTo("ü");
        assertThat(roundTrip(Integer.class, Integer.MIN_VALUE)).isEqualTo(Integer.MIN_VALUE);
        assertThat(roundTrip(int.class, 5)).isEqualTo(5);
        assertThat(roundTrip(Long.class, Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThat(roundTrip(Short.class, Short.MIN_VALUE)).isEqualTo(Short.MIN_VALUE);
        assertThat(roundTrip(Boolean.class, false)).isFalse();
        assertThat(roundTrip(UUID.class, new UUID(1, -1))).isEqualTo(new UUID(1, -1));
        assertThat(roundTrip(Instant.class, Instant.EPOCH)).isEqualTo(Instant.EPOCH);
        assertThat(roundTrip(Region.class, Region.US)).isEqualTo(Region.US);
        assertThat(roundTrip(byte[].class, new byte[] {1})).containsExactly(1);
        assertThat(roundTrip(Bytes.class, Bytes.of((byte) 1))).isEqualTo(Bytes.of((byte) 1));
    }

    @Test
    void oneAndOneLongAreOneKeyAndAnEnumIsItsName() {
        assertThat(mapper(Integer.class).toKey(1)).isEqualTo(mapper(Long.class).toKey(1L));
        assertThat(mapper(Region.class).toKey(Region.EU)).isEqualTo(Key.of("EU"));
    }

    @Test
    void recordKeysComeBackAndKeepTheirOrder() {
        OrderKey key =
                new OrderKey(Region.EU, 7, new UUID(1, 2), Instant.EPOCH, Bytes.of((byte) 3), true, new Item("x", 1));
        assertThat(roundTrip(OrderKey.class, key)).isEqualTo(key);
        Key written = mapper(OrderKey.class).toKey(key);
        assertThat(written.componentNames()).containsExactly("region", "no", "id", "at", "tag", "test", "item");
        assertThat(((Document) written.value()).get("item")).isEqualTo(Document.of("sku", "x", "size", 1L));
    }

    @Test
    void nullsAreInvalid() {
        assertInvalid(() -> mapper(String.class).toKey(null), "the key for shop.orders is null");
        assertInvalid(() -> mapper(Item.class).toKey(new Item(null, 1)), "a key for shop.orders can't be kept", "null");
    }

    @Test
    void keysThatCantBeKeptAreInvalid() {
        assertInvalid(() -> mapper(String.class).toKey("a\0"), "NUL");
        assertInvalid(() -> mapper(String.class).toKey("a".repeat(1024)), "1024 are allowed");
        assertInvalid(() -> mapper(Item.class).toKey(new Item("a\0", 1)), "at sku", "NUL");
    }

    @Test
    void keysOfAnotherFormAreUnsupported() {
        assertUnsupported(Integer.class, Key.of(1L << 40));
        assertUnsupported(Integer.class, Key.of("1"));
        assertUnsupported(String.class, Key.of(1));
        assertUnsupported(Region.class, Key.of("MARS"));
        assertUnsupported(String.class, Key.of(Map.of("sku", "x")));
        assertUnsupported(Item.class, Key.of("x"));
        assertUnsupported(Item.class, Key.of(Document.of("sku", "x")));
        assertUnsupported(Item.class, Key.of(Document.of("size", 1, "sku", "x")));
        assertUnsupported(Item.class, Key.of(Document.of("sku", "x", "size", "1")));
        assertUnsupported(Item.class, Key.of(Document.of("sku", "x", "size", Document.of("a", 1))));
        assertUnsupported(Item.class, Key.of(Document.of("sku", 1, "size", 1)));
    }

    private static <K> void assertUnsupported(Class<K> type, Key key) {
        assertThatThrownBy(() -> mapper(type).fromKey(key)).isInstanceOfSatisfying(CoreException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED);
            assertThat(e.getMessage()).contains("the key " + key, "of shop.orders does not fit " + type.getName());
        });
    }

    private static void assertInvalid(org.assertj.core.api.ThrowableAssert.ThrowingCallable code, String... parts) {
        assertThatThrownBy(code).isInstanceOfSatisfying(CoreException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(e.getMessage()).contains(parts);
        });
    }

    record Empty() {}

    record WithDouble(String a, Part part) {
        record Part(double weight) {}
    }

    record WithList(List<String> all) {}

    record WithOptional(Optional<String> maybe) {}

    record WithDecimal(BigDecimal exact) {}

    @JsonPropertyOrder({"b", "a"})
    record Reordered(String a, String b) {}

    record Hidden(String a, @JsonIgnore @Nullable String b) {}

    @Test
    void typesThatCantBeKeysAreRefusedAtOnce() {
        for (Class<?> type : List.of(
                Double.class,
                BigDecimal.class,
                Object.class,
                List.class,
                LocalDate.class,
                Character.class,
                Empty.class,
                WithDouble.class,
                WithList.class,
                WithOptional.class,
                WithDecimal.class,
                Reordered.class,
                Hidden.class)) {
            assertInvalid(() -> mapper(type), "the keys of shop.orders can't be of the type " + type.getName());
        }
        assertInvalid(() -> mapper(WithDouble.class), "java.lang.Double (its component part.weight)");
    }
}
