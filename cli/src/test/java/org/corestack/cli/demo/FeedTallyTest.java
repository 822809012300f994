package org.corestack.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.corestack.cli.demo.register.LookalikeGroup;
import org.corestack.document.Change.Operation;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.table.EntryChange;
import org.junit.jupiter.api.Test;

class FeedTallyTest {
    private final FeedTally tally = new FeedTally(2);

    @Test
    void workIsCompleteWhenEachRecordIsDescribedAndInAGroup() throws Exception {
        insert("a", 1, "r1");
        insert("b", 2, "r2");
        assertThat(tally.isComplete()).isFalse();
        group("s", 3, List.of("a"));
        assertThat(tally.isComplete()).isFalse();
        group("s", 4, List.of("a", "b"));
        assertThat(tally.isComplete()).isTrue();
        assertThat(tally.done()).isEqualTo(2);
        assertThat(tally.results("r1")).isEqualTo(1);
        assertThat(tally.firstResultNanos("r2")).isPresent();
        assertThat(tally.firstResultNanos("r3")).isEmpty();
        assertThat(tally.duplicates()).isZero();
    }

    @Test
    void groupThatIsGoneIsNotCounted() throws Exception {
        insert("a", 1, "r1");
        insert("b", 2, "r1");
        group("s", 3, List.of("a", "b"));
        tally.groupListener().onChange(change("s", Operation.DELETE, null, 4, "x"));
        assertThat(tally.isComplete()).isFalse();
    }

    @Test
    void keyWrittenTwiceIsADuplicateOnce() throws Exception {
        insert("a", 1, "r1");
        change("a", Operation.UPDATE, 2);
        change("a", Operation.UPDATE, 3);
        insert("b", 4, "r1");
        assertThat(tally.duplicates()).isEqualTo(1);
    }

    @Test
    void deletedAndCreatedAgainIsADuplicate() throws Exception {
        insert("a", 1, "r1");
        change("a", Operation.DELETE, 2);
        insert("a", 3, "r2");
        assertThat(tally.duplicates()).isEqualTo(1);
    }

    @Test
    void changeThatIsToldAgainIsNone() throws Exception {
        insert("a", 1, "r1");
        insert("a", 1, "r1");
        assertThat(tally.duplicates()).isZero();
        assertThat(tally.results("r1")).isEqualTo(1);
    }

    @Test
    void whatWasThereBeforeCountsAsWrittenOnceButNotAsAResult() throws Exception {
        tally.hadDescription("a", 5);
        tally.hadGroup("s", new LookalikeGroup(List.of("a"), List.of("Latin")));
        assertThat(tally.done()).isEqualTo(1);
        assertThat(tally.described()).isZero();
        change("a", Operation.UPDATE, 6);
        assertThat(tally.duplicates()).isEqualTo(1);
    }

    @Test
    void historyThatIsGoneIsAGap() throws Exception {
        tally.descriptionListener().onResync(new Resync(Resync.Reason.HISTORY_TRIMMED, "trimmed"));
        assertThat(tally.gap()).contains("trimmed");
    }

    private void insert(String key, long version, String source) throws Exception {
        tally.descriptionListener().onChange(change(key, Operation.INSERT, null, version, source));
    }

    private void change(String key, Operation operation, long version) throws Exception {
        tally.descriptionListener().onChange(change(key, operation, null, version, "r9"));
    }

    private void group(String skeleton, long version, List<String> members) throws Exception {
        LookalikeGroup group = new LookalikeGroup(members, List.of("Latin"));
        tally.groupListener().onChange(change(skeleton, Operation.UPDATE, group, version, "r1"));
    }

    private static <E> EntryChange<String, E> change(
            String key, Operation operation, E value, long version, String source) {
        return new EntryChange<>(
                key, operation, null, value, version, Instant.EPOCH, source, new Position("p" + version));
    }
}
