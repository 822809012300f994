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

    private static Change judge(Change change, boolean keysOnly) {
        WatchOptions options = WatchOptions.ofDefaults().withFilter(OPEN);
        return Delivery.judge(change, keysOnly ? options.withKeysOnly() : options);
    }

    private static Change exact(Operation operation, Document before, Document after) {
        return new Change(Key.of("k"), operation, before, after, 7, Instant.EPOCH, "source", new Position("p"));
    }

    private static void assertJudgedExactly(Change change, Change expected) {
        WatchOptions options = WatchOptions.ofDefaults().withFilter(OPEN).withExactImages();
        assertThat(Delivery.judge(change, options)).isEqualTo(expected);
        Change bare = expected == null ? null : exact(expected.operation(), null, null);
        assertThat(Delivery.judge(change, options.withKeysOnly())).isEqualTo(bare);
    }

    private static void assertJudged(Change change, boolean keysOnly, Change expected) {
        assertThat(judge(change, keysOnly)).isEqualTo(expected);
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
            assertThat(Delivery.judge(bare, WatchOptions.ofDefaults())).isSameAs(bare);
        }
    }

    @Test
    void withExactImagesTheFilterIsJudgedOnBoth() {
        Change came = exact(Operation.UPDATE, OTHER, MATCHING);
        Change stayed = exact(Operation.UPDATE, MATCHING, MATCHING);
        Change created = exact(Operation.INSERT, null, MATCHING);
        Change deleted = exact(Operation.DELETE, MATCHING, null);
        for (Change delivered : new Change[] {came, stayed, created, deleted}) {
            assertJudgedExactly(delivered, delivered);
        }
        assertJudgedExactly(exact(Operation.UPDATE, MATCHING, OTHER), exact(Operation.LEFT, MATCHING, null));
        assertJudgedExactly(exact(Operation.UPDATE, OTHER, OTHER), null);
        assertJudgedExactly(exact(Operation.INSERT, null, OTHER), null);
        assertJudgedExactly(exact(Operation.DELETE, OTHER, null), null);
    }

    @Test
    void whoAsksForNoImagesHearsOfNone() {
        Change change = exact(Operation.UPDATE, OTHER, MATCHING);
        assertThat(Delivery.judge(change, WatchOptions.ofDefaults())).isEqualTo(change(Operation.UPDATE, MATCHING));
        assertJudged(change, false, change(Operation.UPDATE, MATCHING));
        assertJudged(exact(Operation.UPDATE, OTHER, OTHER), false, change(Operation.LEFT, null));
        assertJudged(exact(Operation.DELETE, OTHER, null), false, change(Operation.DELETE, null));
    }
}
