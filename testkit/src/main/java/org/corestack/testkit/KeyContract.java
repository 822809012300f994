package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;

/** Keys of every type identify documents, and order them. */
abstract class KeyContract extends ValueContract {
    private static List<Key> distinctKeys() {
        List<Key> keys = new ArrayList<>();
        for (Object scalar : Samples.scalars()) {
            boolean usable = (scalar instanceof String text && text.length() < 1_000)
                    || scalar instanceof Long
                    || scalar instanceof Boolean
                    || scalar instanceof Instant
                    || scalar instanceof UUID
                    || scalar instanceof Bytes;
            if (usable) {
                keys.add(key(scalar));
            }
        }
        keys.add(key("x".repeat(Key.MAX_SIZE - 2)));
        keys.add(key(record("a", 1, "b", 2)));
        keys.add(key(record("b", 2, "a", 1)));
        keys.add(key(record("a", "1", "b", 2)));
        keys.add(key(record("a", 1)));
        keys.add(key(record("a", record("b", 2))));
        keys.add(key(record("a.b", 2)));
        keys.add(key(record("$a", true, "it's", new UUID(1, 2))));
        return keys;
    }

    private static Map<String, Object> record(Object... namesAndValues) {
        Map<String, Object> components = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            components.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return components;
    }

    @Test
    void everyKeyIsItsOwn() {
        List<Key> keys = distinctKeys();
        for (int i = 0; i < keys.size(); i++) {
            things().insert(keys.get(i), doc("number", i));
        }
        for (int i = 0; i < keys.size(); i++) {
            StoredDocument found = things().find(keys.get(i)).orElseThrow();
            assertThat(found.key()).isEqualTo(keys.get(i));
            assertThat(found.document()).isEqualTo(doc("number", i));
        }
        assertThat(things().findMany(Filter.all(), FindOptions.ofDefaults()))
                .extracting(StoredDocument::key)
                .containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void aListIsInTheOrderOfTheKeys() {
        List<Key> keys = distinctKeys();
        Collections.shuffle(keys, new Random(1));
        keys.forEach(key -> things().insert(key, Document.empty()));
        Collections.sort(keys);
        assertThat(things().findMany(Filter.all(), FindOptions.ofDefaults()))
                .extracting(StoredDocument::key)
                .containsExactlyElementsOf(keys);
    }

    @Test
    void integersOfBothWidthsAreOneKey() {
        things().insert(key(1), doc("number", 1));
        assertThat(things().find(key(1L))).isPresent();
        assertFails(ErrorCode.ALREADY_EXISTS, () -> things().insert(key(1L), Document.empty()));
    }

    @Test
    void theOrderOfARecordsComponentsIsPartOfTheKey() {
        Key ab = key(record("a", 1, "b", 2));
        Key ba = key(record("b", 2, "a", 1));
        things().insert(ab, doc("order", "ab"));
        assertThat(things().find(ba)).isEmpty();
        things().insert(ba, doc("order", "ba"));
        assertThat(things().find(ab).orElseThrow().key().componentNames()).containsExactly("a", "b");
        assertThat(things().find(ba).orElseThrow().key().componentNames()).containsExactly("b", "a");
    }

    @Test
    void keysThatLookAlikeAreNotOneKey() {
        things().insert(key("a"), Document.empty());
        for (Object other : List.of("A", "a ", "ä", "a\u0308", Bytes.of((byte) 'a'))) {
            assertThat(things().find(key(other))).as("%s", other).isEmpty();
        }
    }

    @Test
    void collectionsDoNotShareKeys() {
        things().insert(key("k"), doc("where", "things"));
        assertThat(store().collection("others").find(key("k"))).isEqualTo(Optional.empty());
        assertThat(client().store("elsewhere").collection("things").find(key("k")))
                .isEqualTo(Optional.empty());
    }
}
