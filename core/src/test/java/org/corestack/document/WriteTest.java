package org.corestack.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.corestack.document.Refusals.assertInvalid;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.corestack.document.Filter.Operator;
import org.corestack.store.spi.WriteResult;
import org.corestack.store.spi.WriteResult.Status;
import org.junit.jupiter.api.Test;

class WriteTest {
    private static final Key K = Key.of("k");
    private static final Document OLD = Document.of("a", 1, "b", 2);
    private static final Document NEW = Document.of("b", 3, "c", 4);
    private static final Instant NOW = Instant.EPOCH;
    private static final Condition ALWAYS = Condition.none();

    @Test
    void eachWriteHasItsMeaning() {
        assertThat(new Write.Insert(K, NEW).after(null, NOW)).isEqualTo(NEW);
        assertThat(new Write.Replace(K, NEW, ALWAYS).after(OLD, NOW)).isEqualTo(NEW);
        Document merged = Document.builder().put("b", 3).put("c", 4).build();
        assertThat(new Write.Merge(K, NEW, Set.of("a", "x"), ALWAYS).after(OLD, NOW))
                .isEqualTo(merged);
        assertThat(new Write.Merge(K, NEW, Set.of(), ALWAYS).after(OLD, NOW)).isEqualTo(merged.with("a", 1));
        assertThat(new Write.Upsert(K, NEW, Set.of("a")).after(OLD, NOW)).isEqualTo(merged);
        assertThat(new Write.Upsert(K, NEW, Set.of("a")).after(null, NOW)).isEqualTo(NEW);
        Patch patch = Patch.increment(FieldPath.of("a"), 1);
        assertThat(new Write.Apply(K, patch, ALWAYS, true).after(OLD, NOW)).isEqualTo(OLD.with("a", 2));
        assertThat(new Write.Delete(K, ALWAYS).after(OLD, NOW)).isNull();
    }

    @Test
    void aWriteIsRefusedOverWhatIsStored() {
        StoredDocument stored = new StoredDocument(K, OLD, 7);
        Condition not = Condition.matching(Filter.compare(FieldPath.of("a"), Operator.EQ, 2));
        Patch patch = Patch.unset(FieldPath.of("a"));
        assertThat(WriteResult.refusal(new Write.Insert(K, NEW), null)).isNull();
        assertThat(WriteResult.refusal(new Write.Insert(K, NEW), stored)).isEqualTo(Status.ALREADY_EXISTS);
        assertThat(WriteResult.refusal(new Write.Upsert(K, NEW, Set.of()), null))
                .isNull();
        assertThat(WriteResult.refusal(new Write.Upsert(K, NEW, Set.of()), stored))
                .isNull();
        for (Condition condition : List.of(not, Condition.ifVersion(8), Condition.ifVersion(7), ALWAYS)) {
            Status expected =
                    condition.equals(not) || condition.equals(Condition.ifVersion(8)) ? Status.CONFLICT : null;
            for (Write write : List.of(
                    new Write.Replace(K, NEW, condition),
                    new Write.Merge(K, NEW, Set.of(), condition),
                    new Write.Apply(K, patch, condition, false),
                    new Write.Delete(K, condition))) {
                assertThat(WriteResult.refusal(write, stored)).isEqualTo(expected);
                assertThat(WriteResult.refusal(write, null)).isEqualTo(Status.NOT_FOUND);
            }
        }
    }

    @Test
    void aFieldIsNotBothSetAndRemoved() {
        assertInvalid(() -> new Write.Merge(K, NEW, Set.of("b"), ALWAYS), "the field b is both set and removed");
        assertInvalid(() -> new Write.Upsert(K, NEW, Set.of("b")), "the field b is both set and removed");
        Set<String> withNull = new HashSet<>();
        withNull.add(null);
        assertInvalid(() -> new Write.Upsert(K, NEW, withNull), "is null");
        assertInvalid(() -> new Write.Upsert(K, Document.empty(), withNull), "is null");
    }
}
