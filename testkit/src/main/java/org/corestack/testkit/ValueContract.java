package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Patch;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;

/** What is stored is read as it was: every type, every extreme, every odd name. */
abstract class ValueContract extends ContractBase {
    @Test
    void valuesKeepTheirTypesAndContents() {
        List<Object> values = new ArrayList<>(Samples.scalars());
        values.addAll(Samples.containers());
        values.add(null);
        for (int i = 0; i < values.size(); i++) {
            Document document = doc("value", values.get(i));
            things().insert(key(i), document);
            assertSame(things().find(key(i)).orElseThrow().document(), document);
        }
        List<StoredDocument> listed = things().findMany(Filter.all(), FindOptions.ofDefaults());
        assertThat(listed).hasSize(values.size());
        for (int i = 0; i < values.size(); i++) {
            assertSame(listed.get(i).document(), doc("value", values.get(i)));
        }
    }

    /** Equality of documents tells types apart; the text tells how they differ. */
    private static void assertSame(Document actual, Document expected) {
        assertThat(actual).as("%s", expected).isEqualTo(expected);
    }

    @Test
    void oneDocumentHoldsValuesOfAllTypes() {
        Document.Builder all = Document.builder();
        List<Object> scalars = Samples.scalars();
        for (int i = 0; i < scalars.size(); i++) {
            all.put("field" + i, scalars.get(i));
        }
        things().insert(key("all"), all.build());
        assertSame(things().find(key("all")).orElseThrow().document(), all.build());
    }

    @Test
    void aNullIsNotAMissingField() {
        things().insert(key("null"), doc("value", null));
        things().insert(key("missing"), Document.empty());
        assertThat(things().find(key("null")).orElseThrow().document().contains("value"))
                .isTrue();
        assertThat(things().find(key("missing")).orElseThrow().document().contains("value"))
                .isFalse();
    }

    @Test
    void oddFieldNamesAreNames() {
        Document.Builder document = Document.builder();
        for (String name : Samples.ODD_NAMES) {
            document.put(name, Document.of(name, List.of(name)));
        }
        things().insert(key("odd"), document.build());
        assertSame(things().find(key("odd")).orElseThrow().document(), document.build());
    }

    @Test
    void oddFieldNamesCanBeSetAndRemoved() {
        things().insert(key("odd"), doc("kept", 1));
        Document.Builder document = Document.builder();
        Samples.ODD_NAMES.forEach(name -> document.put(name, name));
        things().update(key("odd"), document.build(), Set.of(), ALWAYS);
        assertSame(
                things().find(key("odd")).orElseThrow().document(),
                document.put("kept", 1).build());
        things().update(key("odd"), Document.empty(), Set.copyOf(Samples.ODD_NAMES), ALWAYS);
        assertSame(things().find(key("odd")).orElseThrow().document(), doc("kept", 1));
    }

    /** What an engine keeps beside a document, to know its types, has to follow the update. */
    @Test
    void updatesKeepTheTypesOfWhatTheySetAndOfTheRest() {
        List<Object> values = List.of(1, 1L, "text", List.of(1L, 2), Document.of("n", 1, "$l", 1L));
        Document wide = Document.of("$", 1L, "e", 1L << 40);
        things().insert(key("k"), wide);
        assertUpdate(wide, Document.empty(), Set.of("$", "e"));
        for (Object set : values) {
            assertUpdate(wide, doc("$w", set), Set.of("$"));
            for (Object was : values) {
                for (Object rest : values) {
                    Document before = Document.of("$w", was, "rest", rest).with("$gone", 1L);
                    assertUpdate(before, doc("$w", set), Set.of("$gone"));
                    assertUpdate(before, doc("other", set), Set.of("rest"));
                }
            }
        }
    }

    private void assertUpdate(Document before, Document set, Set<String> unset) {
        Document after = new Write.Merge(key("k"), set, unset, ALWAYS).after(before, Instant.EPOCH);
        things().replace(key("k"), before, ALWAYS);
        things().update(key("k"), set, unset, ALWAYS);
        assertSame(things().find(key("k")).orElseThrow().document(), Objects.requireNonNull(after));
        things().replace(key("k"), before, ALWAYS);
        things().upsert(key("k"), set, unset);
        assertSame(things().find(key("k")).orElseThrow().document(), after);
    }

    @Test
    void aHundredLevelsAreKept() {
        Document document = doc("deep", Samples.nested(99));
        things().insert(key("deep"), document);
        assertSame(things().find(key("deep")).orElseThrow().document(), document);
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> doc("deep", Samples.nested(100)));
    }

    @Test
    void largeDocumentsAreKept() {
        Document text = doc("text", "é€\ud83d\ude00x".repeat(100_000));
        Document list =
                doc("list", java.util.stream.IntStream.range(0, 100_000).boxed().toList());
        Map<String, Object> fields = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            fields.put("a field of a certain length " + i, i);
        }
        Document wide = Document.from(fields);
        things().insert(key("text"), text);
        things().insert(key("list"), list);
        things().insert(key("wide"), wide);
        assertThat(things().find(key("text")).orElseThrow().document().equals(text))
                .isTrue();
        assertThat(things().find(key("list")).orElseThrow().document().equals(list))
                .isTrue();
        assertThat(things().find(key("wide")).orElseThrow().document().equals(wide))
                .isTrue();
    }

    @Test
    void theLargestDocumentIsKept() {
        Document empty = doc("text", "");
        Document largest = doc("text", "x".repeat((int) (Document.MAX_SIZE - empty.size())));
        assertThat(largest.size()).isEqualTo(Document.MAX_SIZE);
        things().insert(key("largest"), largest);
        assertThat(things().find(key("largest")).orElseThrow().document().equals(largest))
                .isTrue();
    }

    @Test
    void whatGrowsBeyondTheLimitIsRefusedAndNothingIsWritten() {
        String eightMegabytes = "x".repeat(8_000_000);
        things().insert(key("big"), doc("one", eightMegabytes));
        long version = things().find(key("big")).orElseThrow().version();
        Document more = doc("two", eightMegabytes);
        Patch patch = Patch.set(FieldPath.of("two"), eightMegabytes);
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> things().update(key("big"), more, Set.of(), ALWAYS));
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> things().upsert(key("big"), more, Set.of()));
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> things().patch(key("big"), patch, ALWAYS));
        StoredDocument stored = things().find(key("big")).orElseThrow();
        assertThat(stored.version()).isEqualTo(version);
        assertThat(stored.document().contains("two")).isFalse();
    }

    /** Empty texts take more by our measure than in an engine's own form. */
    @Test
    void manySmallValuesGrowBeyondTheLimitToo() {
        Document many = doc("one", Collections.nCopies(900_000, ""));
        things().insert(key("big"), many);
        Document more = doc("two", "x".repeat((int) (Document.MAX_SIZE - many.size())));
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> things().update(key("big"), more, Set.of(), ALWAYS));
        assertThat(things().find(key("big")).orElseThrow().document().contains("two"))
                .isFalse();
    }
}
