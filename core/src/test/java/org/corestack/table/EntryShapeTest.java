package org.corestack.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;

/** What the shape of Go changes, and what it leaves. */
class EntryShapeTest {
    record Inner(int maxCount, List<UUID> byId) {}

    record Shaped(
            String ownerName, @JsonProperty("createTime") long created, Inner inner, Map<String, Duration> leases) {}

    record GoKey(String extKey, UUID providerId) {}

    private static final UUID ID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    private static final Bytes BYTES = Bytes.of(new byte[] {
        0,
        0x11,
        0x22,
        0x33,
        0x44,
        0x55,
        0x66,
        0x77,
        (byte) 0x88,
        (byte) 0x99,
        (byte) 0xaa,
        (byte) 0xbb,
        (byte) 0xcc,
        (byte) 0xdd,
        (byte) 0xee,
        (byte) 0xff
    });
    private static final Key KEY = Key.of("k");

    private final EntryMapper<Shaped> entries = new EntryMapper<>("s.t", Shaped.class, EntryShape.GO);
    private final KeyMapper<GoKey> keys = new KeyMapper<>("s.t", GoKey.class, EntryShape.GO);

    @Test
    void namesAreInLowerCaseUnlessSaidOtherwise() {
        Shaped value = new Shaped("o", 5, new Inner(2, List.of(ID)), Map.of("Long", Duration.ofDays(100_000)));
        Document document = entries.toDocument(KEY, value);
        assertThat(document)
                .isEqualTo(Document.of("ownername", "o", "createTime", 5L)
                        .with("inner", Document.of("maxcount", 2, "byid", List.of(BYTES)))
                        .with("leases", Document.of("Long", 8_640_000_000_000_000_000L)));
        assertThat(entries.toValue(KEY, document)).isEqualTo(value);
        assertThat(entries.toUpdate(KEY, value).set().names()).contains("ownername", "createTime");
    }

    @Test
    void aUuidIsReadInBothForms() {
        Document stored = Document.of("inner", Document.of("byid", List.of(ID, BYTES, ID.toString())));
        assertThat(entries.toValue(KEY, stored).inner().byId()).containsExactly(ID, ID, ID);
        Document other = Document.of("inner", Document.of("byid", List.of(Bytes.of(new byte[15]))));
        assertFails(ErrorCode.UNSUPPORTED, () -> entries.toValue(KEY, other));
    }

    @Test
    void keysAreRecordsOfTheirComponentsInOrder() {
        Key key = keys.toKey(new GoKey("k", ID));
        assertThat(key).isEqualTo(Key.of(Document.of("extkey", "k", "providerid", BYTES)));
        assertThat(keys.fromKey(key)).isEqualTo(new GoKey("k", ID));
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> new KeyMapper<>("s.t", String.class, EntryShape.GO));
    }

    @Test
    void aDurationBeyondGosIsRefused() {
        Shaped value = new Shaped("o", 5, new Inner(2, List.of()), Map.of("long", Duration.ofDays(200_000)));
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> entries.toDocument(KEY, value));
    }

    private static void assertFails(ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CoreException.class, error -> assertThat(error.code()).isEqualTo(code));
    }
}
