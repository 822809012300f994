package org.corestack.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.corestack.document.Change;
import org.corestack.document.Change.Operation;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.junit.jupiter.api.Test;

/** What a filter makes of a change: a table of all cases. */
class DeliveryTest {
    private static final Filter OPEN = Filter.compare(FieldPath.of("open"), Filter.Operator.EQ, true);
    private static final Document MATCHING = Document.of("open", true);
    private static final Document OTHER = Document.of("open", false);

    private static Change change(Operation operation, Document document) {
        return new Change(Key.of("k"), operation, document, 7, Instant.EPOCH, "source", new Position("p"));
    }

    private static void assertJudged(Change change, boolean keysOnly, Change expected) {
        assertThat(Delivery.judge(change, OPEN, keysOnly)).isEqualTo(expected);
    }

    @Test
    void whatMatchesIsDelivered() {
        for (Operation operation : new Operation[] {Operation.INSERT, Operation.UPDATE}) {
            assertJudged(change(operation, MATCHING), false, change(operation, MATCHING));
            assertJudged(change(operation, MATCHING), true, change(operation, null));
        }
    }

    @Test
    void anUpdateThatDoesNotMatchHasLeft() {
        assertJudged(change(Operation.UPDATE, OTHER), false, change(Operation.LEFT, null));
        assertJudged(change(Operation.UPDATE, OTHER), true, change(Operation.LEFT, null));
        assertJudged(change(Operation.UPDATE, null), false, change(Operation.LEFT, null));
    }

    @Test
    void anInsertThatDoesNotMatchIsNothing() {
        assertJudged(change(Operation.INSERT, OTHER), false, null);
        assertJudged(change(Operation.INSERT, null), false, null);
    }

    @Test
    void aDeleteIsNeverDropped() {
        assertJudged(change(Operation.DELETE, null), false, change(Operation.DELETE, null));
        assertJudged(change(Operation.DELETE, null), true, change(Operation.DELETE, null));
    }

    @Test
    void withoutAFilterEverythingIsDelivered() {
        for (Operation operation : new Operation[] {Operation.INSERT, Operation.UPDATE, Operation.DELETE}) {
            Change bare = change(operation, null);
            assertThat(Delivery.judge(bare, Filter.all(), false)).isSameAs(bare);
        }
    }
}
