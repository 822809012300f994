package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.corestack.document.Change;
import org.corestack.document.Change.Operation;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.StoredDocument;
import org.corestack.document.Written;
import org.corestack.store.WatchListener;
import org.corestack.store.WatchOptions;
import org.corestack.testkit.FeedHistory.Property;
import org.corestack.testkit.FeedHistory.Violation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each way in which a history can be wrong is found, and a right one is not found fault with. */
class FeedHistoryTest {
    private static final Filter EVEN = Filter.compare(FieldPath.of("even"), Filter.Operator.EQ, true);

    private final FeedHistory history = new FeedHistory((reached, position) -> number(reached) >= number(position));
    private final WatchOptions all = WatchOptions.ofDefaults();

    private static long number(Position position) {
        return Long.parseLong(position.text());
    }

    private static Position at(long number) {
        return new Position(Long.toString(number));
    }

    private static Document doc(long version) {
        return Document.of("version", version, "even", version % 2 == 0);
    }

    /** A write whose version is its position. */
    private void wrote(String key, Operation operation, long version) {
        Document document = operation == Operation.DELETE ? null : doc(version);
        history.wrote("writer", Key.of(key), operation, document, new Written(version, at(version)));
    }

    private static Change change(String key, Operation operation, long version) {
        return change(key, operation, version, operation == Operation.DELETE ? null : doc(version));
    }

    private static Change change(String key, Operation operation, long version, @Nullable Document document) {
        return new Change(Key.of(key), operation, document, version, Instant.EPOCH, "source", at(version));
    }

    private static void deliver(WatchListener session, Change... changes) throws Exception {
        for (Change change : changes) {
            session.onChange(change);
        }
    }

    /** Three writes: k inserted, l inserted, k updated. */
    private void threeWrites() {
        wrote("k", Operation.INSERT, 1);
        wrote("l", Operation.INSERT, 2);
        wrote("k", Operation.UPDATE, 3);
    }

    private static final Change K1 = change("k", Operation.INSERT, 1);
    private static final Change L2 = change("l", Operation.INSERT, 2);
    private static final Change K3 = change("k", Operation.UPDATE, 3);

    private void assertFinds(Property property, String... words) {
        List<Violation> found = history.violations();
        assertThat(found).extracting(Violation::property).containsOnly(property);
        assertThat(found.get(0).toString()).contains(words);
        assertThatThrownBy(history::verify).isInstanceOf(AssertionError.class).hasMessageContaining(property.name());
    }

    @Test
    void aRightHistoryIsRight() throws Exception {
        threeWrites();
        wrote("k", Operation.DELETE, 4);
        FeedObserver observer = history.observer("o", all);
        WatchListener first = observer.from(at(0));
        deliver(first, K1, L2);
        first.onBookmark(at(2));
        WatchListener second = observer.from(at(2));
        deliver(second, K3, change("k", Operation.DELETE, 4));
        second.onBookmark(at(9));
        assertThat(history.violations()).isEmpty();
        history.verify();
    }

    @Test
    void whatWasNotCoveredNeedNotHaveCome() throws Exception {
        threeWrites();
        deliver(history.observer("o", all).from(at(0)), K1);
        history.observer("nothing", all).from(at(0));
        history.verify();
    }

    @Test
    void aVersionThatGoesBackIsNotOrdered() throws Exception {
        threeWrites();
        history.wrote("other", Key.of("k"), Operation.UPDATE, doc(5), new Written(5, at(4)));
        Change late = new Change(Key.of("k"), Operation.UPDATE, doc(5), 5, Instant.EPOCH, "s", at(2));
        Change k3 = new Change(Key.of("k"), Operation.UPDATE, doc(5), 3, Instant.EPOCH, "s", at(3));
        wrote("m", Operation.INSERT, 6);
        deliver(history.coalescingObserver("o", all).from(at(2)), late, k3);
        assertThat(history.violations()).extracting(Violation::property).contains(Property.ORDERED);
    }

    @Test
    void aWritersVersionThatGoesBackIsNotOrdered() {
        wrote("k", Operation.INSERT, 5);
        wrote("k", Operation.UPDATE, 4);
        assertFinds(Property.ORDERED, "version 4", "version 5");
    }

    @Test
    void aVersionGivenTwiceIsNotUnique() {
        history.wrote("a", Key.of("k"), Operation.INSERT, doc(1), new Written(1, at(1)));
        history.wrote("b", Key.of("k"), Operation.UPDATE, doc(1), new Written(1, at(2)));
        assertFinds(Property.UNIQUE, "version 1");
    }

    @Test
    void aChangeThatComesTwiceIsNotUnique() throws Exception {
        threeWrites();
        deliver(history.observer("o", all).from(at(0)), K1, L2, L2, K3);
        assertFinds(Property.UNIQUE, "INSERT of l, version 2", "twice");
    }

    @Test
    void twoChangesOfOnePositionAreNotUnique() throws Exception {
        threeWrites();
        Change sharing = new Change(Key.of("l"), Operation.INSERT, doc(2), 2, Instant.EPOCH, "s", at(1));
        deliver(history.observer("o", all).from(at(0)), K1, sharing);
        assertFinds(Property.UNIQUE, "share a position");
    }

    @Test
    void aWriteLeftOutIsNotComplete() throws Exception {
        threeWrites();
        deliver(history.observer("o", all).from(at(0)), K1, K3);
        assertFinds(Property.COMPLETE, "o", "INSERT of l, version 2");
    }

    @Test
    void aWriteBeforeTheLastBookmarkThatDidNotComeIsNotComplete() throws Exception {
        threeWrites();
        WatchListener session = history.observer("o", all).from(at(0));
        deliver(session, K1, L2);
        session.onBookmark(at(3));
        assertFinds(Property.COMPLETE, "UPDATE of k, version 3");
    }

    @Test
    void aLaterVersionStandsForAnEarlierOneWhereThatIsAllowed() throws Exception {
        threeWrites();
        deliver(history.coalescingObserver("o", all).from(at(0)), L2, K3);
        history.verify();
        deliver(history.observer("strict", all).from(at(0)), L2, K3);
        assertFinds(Property.COMPLETE, "strict", "INSERT of k, version 1");
    }

    @Test
    void aDeleteLeftOutIsNotComplete() throws Exception {
        threeWrites();
        wrote("k", Operation.DELETE, 4);
        wrote("k", Operation.INSERT, 5);
        deliver(history.observer("o", all).from(at(0)), K1, L2, K3, change("k", Operation.INSERT, 5));
        assertFinds(Property.COMPLETE, "DELETE of k, version 4");
    }

    @Test
    void aResumptionBehindWhatItHadIsNotResumable() throws Exception {
        threeWrites();
        FeedObserver observer = history.observer("o", all);
        deliver(observer.from(at(0)), K1);
        deliver(observer.from(at(2)), K3);
        assertFinds(Property.RESUMABLE, "INSERT of l, version 2");
    }

    @Test
    void aResumptionThatRepeatsIsNotResumable() throws Exception {
        threeWrites();
        FeedObserver observer = history.observer("o", all);
        deliver(observer.from(at(0)), K1, L2);
        deliver(observer.from(at(2)), L2, K3);
        assertThat(history.violations()).extracting(Violation::property).contains(Property.RESUMABLE);
    }

    @Test
    void aBookmarkAheadOfAChangeIsNotBookmarked() throws Exception {
        threeWrites();
        WatchListener session = history.observer("o", all).from(at(0));
        deliver(session, K1);
        session.onBookmark(at(2));
        Change late = new Change(Key.of("l"), Operation.INSERT, doc(2), 2, Instant.EPOCH, "s", at(4));
        deliver(session, K3, late);
        assertFinds(Property.BOOKMARKED, "position 2", "INSERT of l, version 2");
    }

    @Test
    void aPositionThatGoesBackIsNotBookmarked() throws Exception {
        threeWrites();
        WatchListener session = history.observer("o", all).from(at(0));
        deliver(session, K1, L2);
        session.onBookmark(at(1));
        assertFinds(Property.BOOKMARKED, "position 1");
    }

    @Test
    void aListThatLacksWhatItsPositionCoversIsNotComplete() {
        threeWrites();
        FeedObserver observer = history.observer("o", all);
        observer.listed(at(3), List.of(stored("k", 3)), false);
        assertFinds(Property.COMPLETE, "INSERT of l, version 2");
    }

    @Test
    void aListThatShowsAnOlderVersionIsNotComplete() {
        threeWrites();
        history.observer("o", all).listed(at(3), List.of(stored("k", 1), stored("l", 2)), false);
        assertFinds(Property.COMPLETE, "shows version 1", "UPDATE of k, version 3");
    }

    @Test
    void aListMayShowLaterWritesUnlessItIsExact() {
        threeWrites();
        history.observer("loose", all).listed(at(1), List.of(stored("k", 3)), false);
        history.verify();
        history.observer("exact", all).listed(at(1), List.of(stored("k", 3)), true);
        assertFinds(Property.FAITHFUL, "exact", "version 3");
    }

    @Test
    void aWatchMayContinueAList() throws Exception {
        threeWrites();
        FeedObserver observer = history.observer("o", all);
        observer.listed(at(2), List.of(stored("k", 1), stored("l", 2)), true);
        deliver(observer.from(at(2)), K3);
        history.verify();
    }

    @Test
    void aWatchThatStartsBehindItsListIsNotResumable() throws Exception {
        threeWrites();
        FeedObserver observer = history.observer("o", all);
        observer.listed(at(1), List.of(stored("k", 1)), true);
        deliver(observer.from(at(2)), K3);
        assertFinds(Property.RESUMABLE, "INSERT of l, version 2");
    }

    private static StoredDocument stored(String key, long version) {
        return new StoredDocument(Key.of(key), doc(version), version);
    }

    @Test
    void aChangeThatNobodyMadeIsNotFaithful() throws Exception {
        threeWrites();
        deliver(history.observer("o", all).from(at(0)), K1, L2, K3, change("k", Operation.UPDATE, 4));
        assertFinds(Property.FAITHFUL, "UPDATE of k, version 4", "nobody wrote");
    }

    @Test
    void anUncertainWriteMayShow() throws Exception {
        threeWrites();
        history.uncertain(Key.of("k"));
        deliver(history.observer("o", all).from(at(0)), K1, L2, K3, change("k", Operation.UPDATE, 4));
        history.verify();
    }

    @Test
    void anotherOperationIsNotFaithful() throws Exception {
        threeWrites();
        deliver(history.observer("o", all).from(at(0)), K1, change("l", Operation.UPDATE, 2));
        assertFinds(Property.FAITHFUL, "UPDATE of l");
    }

    @Test
    void anOlderDocumentIsNotFaithful() throws Exception {
        threeWrites();
        deliver(history.observer("o", all).from(at(0)), K1, L2, change("k", Operation.UPDATE, 3, doc(1)));
        assertFinds(Property.FAITHFUL, "UPDATE of k, version 3", "older");
    }

    @Test
    void aLaterDocumentIsFaithful() throws Exception {
        threeWrites();
        deliver(history.observer("o", all).from(at(0)), change("k", Operation.INSERT, 1, doc(3)), L2, K3);
        history.verify();
    }

    @Test
    void aDocumentMayBeMissingOnlyWhereItIsGone() throws Exception {
        threeWrites();
        wrote("l", Operation.DELETE, 4);
        deliver(history.observer("o", all).from(at(0)), K1, change("l", Operation.INSERT, 2, null));
        history.verify();
        deliver(history.observer("blind", all).from(at(2)), change("k", Operation.UPDATE, 3, null));
        assertFinds(Property.FAITHFUL, "blind", "without its document");
    }

    @Test
    void aDocumentThatWasNotAskedForIsNotFaithful() throws Exception {
        threeWrites();
        deliver(history.observer("o", all.withKeysOnly()).from(at(0)), change("k", Operation.INSERT, 1, null), L2);
        assertFinds(Property.FAITHFUL, "keys were asked for");
    }

    @Test
    void aFilterLetsInsertsOutAndNothingElse() throws Exception {
        threeWrites(); // k 1 odd, l 2 even, k 3 odd
        Change left = change("k", Operation.LEFT, 3, null);
        deliver(history.observer("o", all.withFilter(EVEN)).from(at(0)), L2, left);
        history.verify();
        wrote("k", Operation.UPDATE, 5);
        wrote("m", Operation.INSERT, 6);
        WatchListener session = history.observer("deaf", all.withFilter(EVEN)).from(at(3));
        deliver(session, change("m", Operation.INSERT, 6));
        assertFinds(Property.COMPLETE, "deaf", "UPDATE of k, version 5");
    }

    @Test
    void anInsertThatMatchesIsNotLeftOut() throws Exception {
        threeWrites();
        WatchListener session = history.observer("o", all.withFilter(EVEN)).from(at(0));
        deliver(session, change("k", Operation.LEFT, 3, null));
        assertFinds(Property.COMPLETE, "INSERT of l, version 2");
    }

    @Test
    void aDocumentThatDoesNotMatchIsNotFaithful() throws Exception {
        threeWrites();
        deliver(history.observer("o", all.withFilter(EVEN)).from(at(0)), L2, K3);
        assertFinds(Property.FAITHFUL, "UPDATE of k, version 3", "not as LEFT");
    }

    @Test
    void aDocumentThatMatchesHasNotLeft() throws Exception {
        wrote("k", Operation.INSERT, 1);
        wrote("k", Operation.UPDATE, 2);
        deliver(history.observer("o", all.withFilter(EVEN)).from(at(0)), change("k", Operation.LEFT, 2, null));
        assertFinds(Property.FAITHFUL, "LEFT of k, version 2");
    }

    @Test
    void aListenerThatThrowsHasNotBeenGivenTheChange() throws Exception {
        threeWrites();
        WatchListener session = history.observer("o", all).from(at(0), change -> {
            if (change.version() == 2) {
                throw new IllegalStateException("not now");
            }
        });
        deliver(session, K1);
        assertThatThrownBy(() -> session.onChange(L2)).hasMessage("not now");
        deliver(session, K3);
        assertFinds(Property.COMPLETE, "INSERT of l, version 2");
    }

    @Test
    void manyViolationsAreCutShort() throws Exception {
        for (int version = 1; version <= 50; version++) {
            wrote("k" + version, Operation.INSERT, version);
        }
        history.observer("o", all).from(at(0)).onBookmark(at(50));
        assertThatThrownBy(history::verify)
                .hasMessageContaining("50 violations")
                .hasMessageContaining("…");
    }
}
