package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.corestack.document.Change;
import org.corestack.document.Change.Operation;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Patch;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.document.StoredDocument;
import org.corestack.document.Written;
import org.corestack.store.CollectionSnapshot;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;
import org.corestack.store.Watch;
import org.corestack.store.WatchOptions;
import org.junit.jupiter.api.Test;

/** What a watch delivers, from where, and how it is resumed. */
abstract class WatchContract extends InputContract {
    static final WatchOptions ALL = WatchOptions.ofDefaults();

    void awaitCovered(Watch watch, Written written) {
        awaitThat("the watch covers " + written, () -> watch.covers(written.position()));
    }

    @Test
    void aWatchHearsOfEveryKindOfWrite() {
        Heard heard = new Heard();
        List<Written> writes = new ArrayList<>();
        try (Watch watch = things().watch(ALL, heard)) {
            writes.add(things().insert(key("k"), doc("n", 1)));
            heard.awaitChanges(1);
            writes.add(things().replace(key("k"), doc("n", 2), ALWAYS));
            heard.awaitChanges(2);
            writes.add(things().update(key("k"), doc("m", 3), Set.of(), ALWAYS));
            heard.awaitChanges(3);
            writes.add(things().upsert(key("k"), doc("n", 4), Set.of("m")));
            heard.awaitChanges(4);
            writes.add(things().patch(key("k"), Patch.increment(FieldPath.of("n"), 1), ALWAYS));
            heard.awaitChanges(5);
            writes.add(things().delete(key("k"), ALWAYS).orElseThrow());
            heard.awaitChanges(6);
            writes.add(things().upsert(key("k"), doc("n", 6), Set.of()));
            heard.awaitChanges(7);
            awaitCovered(watch, writes.get(6));
        }
        assertHeardInOrder(heard);
        assertHeardAsWritten(heard, writes);
        assertThat(heard.failures).isEmpty();
    }

    private void assertHeardInOrder(Heard heard) {
        assertThat(heard.changes)
                .extracting(change -> change.operation().name())
                .containsExactly("INSERT", "UPDATE", "UPDATE", "UPDATE", "UPDATE", "DELETE", "INSERT");
        assertThat(heard.changes)
                .extracting(Change::document)
                .containsExactly(
                        doc("n", 1),
                        doc("n", 2),
                        Document.of("n", 2, "m", 3),
                        doc("n", 4),
                        doc("n", 5),
                        null,
                        doc("n", 6));
    }

    private void assertHeardAsWritten(Heard heard, List<Written> writes) {
        assertThat(heard.changes)
                .extracting(Change::version)
                .containsExactlyElementsOf(writes.stream().map(Written::version).toList());
        for (int i = 0; i < writes.size(); i++) {
            Change change = heard.changes.get(i);
            assertThat(change.key()).isEqualTo(key("k"));
            assertThat(change.source()).isIn("contract", change.operation() == Operation.DELETE ? null : "contract");
            assertThat(change.time())
                    .isBetween(Instant.now().minusSeconds(600), Instant.now().plusSeconds(600));
            assertThat(things().covers(change.position(), writes.get(i).position()))
                    .isTrue();
        }
    }

    @Test
    void aWatchWithoutAPositionStartsNow() {
        things().insert(key("before"), Document.empty());
        Heard heard = new Heard();
        try (Watch watch = things().watch(ALL, heard)) {
            awaitCovered(watch, things().insert(key("after"), Document.empty()));
        }
        assertThat(heard.told()).containsExactly("INSERT after");
    }

    @Test
    void aCollectionThatDoesNotExistYetCanBeWatched() {
        Heard heard = new Heard();
        StoreCollection later = client().store("later").collection("later");
        try (Watch watch = later.watch(ALL, heard)) {
            awaitCovered(watch, later.insert(key("k"), Document.empty()));
        }
        assertThat(heard.told()).containsExactly("INSERT k");
    }

    @Test
    void aWatchFromAPositionHearsAllBehindIt() {
        things().insert(key("before"), Document.empty());
        Position position = things().position();
        Written last = things().insert(key("k"), doc("n", 0));
        for (int i = 1; i < 300; i++) {
            last = things().replace(key("k"), doc("n", i), ALWAYS);
        }
        Heard heard = new Heard();
        try (Watch watch = things().watch(ALL.withFrom(position), heard)) {
            awaitCovered(watch, last);
        }
        assertThat(heard.changes).hasSize(300).extracting(Change::version).isSorted();
        assertThat(heard.changes).extracting(Change::document).containsOnly(doc("n", 299));
    }

    @Test
    void aDocumentThatIsGoneSinceIsMissing() {
        Position position = things().position();
        things().insert(key("k"), Document.empty());
        Written last = things().delete(key("k"), ALWAYS).orElseThrow();
        Heard heard = new Heard();
        try (Watch watch = things().watch(ALL.withFrom(position), heard)) {
            awaitCovered(watch, last);
        }
        assertThat(heard.told()).containsExactly("INSERT k", "DELETE k");
        assertThat(heard.changes).extracting(Change::document).containsOnlyNulls();
    }

    @Test
    void everyPositionCanBeResumedFrom() {
        Heard heard = new Heard();
        Written last;
        try (Watch watch = things().watch(ALL, heard)) {
            last = things().upsert(key("k0"), doc("n", 0), Set.of());
            for (int i = 1; i < 12; i++) {
                last = things().upsert(key("k" + i % 5), doc("n", i), Set.of());
            }
            awaitCovered(watch, last);
        }
        StoreClient second = openClient("second");
        for (int i = 0; i < 12; i++) {
            StoreCollection on = i % 2 == 0 ? things() : thingsOf(second);
            Heard rest = new Heard();
            try (Watch watch = on.watch(ALL.withFrom(heard.changes.get(i).position()), rest)) {
                awaitCovered(watch, last);
            }
            assertThat(rest.changes)
                    .as("resumed behind change %s", i)
                    .extracting(Change::version)
                    .containsExactlyElementsOf(heard.changes.subList(i + 1, 12).stream()
                            .map(Change::version)
                            .toList());
        }
    }

    @Test
    void aPositionSurvivesAsText() {
        String text = things().position().text();
        Written written = things().insert(key("k"), Document.empty());
        client().close();
        Heard heard = new Heard();
        try (Watch watch = thingsOf(openClient("second")).watch(ALL.withFrom(new Position(text)), heard)) {
            awaitCovered(watch, written);
        }
        assertThat(heard.told()).containsExactly("INSERT k");
    }

    @Test
    void aSnapshotIsContinuedByItsWatch() {
        things().insert(key("kept"), doc("n", 1));
        things().insert(key("changed"), doc("n", 1));
        List<StoredDocument> listed = new ArrayList<>();
        Position position;
        try (CollectionSnapshot snapshot = things().snapshot(Filter.all())) {
            snapshot.forEach(listed::add);
            position = snapshot.position();
        }
        assertThat(listed).extracting(StoredDocument::key).containsExactly(key("changed"), key("kept"));
        Written last = things().replace(key("changed"), doc("n", 2), ALWAYS);
        Heard heard = new Heard();
        try (Watch watch = things().watch(ALL.withFrom(position), heard)) {
            awaitCovered(watch, last);
        }
        assertThat(heard.told()).containsExactly("UPDATE changed");
    }

    @Test
    void aSnapshotOfNothingIsContinuedToo() {
        Position position;
        try (CollectionSnapshot snapshot = things().snapshot(Filter.all())) {
            assertThat(snapshot).isEmpty();
            position = snapshot.position();
        }
        Written last = things().insert(key("k"), Document.empty());
        Heard heard = new Heard();
        try (Watch watch = things().watch(ALL.withFrom(position), heard)) {
            awaitCovered(watch, last);
        }
        assertThat(heard.told()).containsExactly("INSERT k");
    }

    @Test
    void aSnapshotShowsWhatMatches() {
        for (int i = 0; i < 500; i++) {
            things().insert(key(i), doc("even", i % 2 == 0));
        }
        Filter even = Filter.compare(FieldPath.of("even"), Filter.Operator.EQ, true);
        try (CollectionSnapshot snapshot = things().snapshot(even)) {
            List<Object> keys = new ArrayList<>();
            snapshot.forEach(stored -> keys.add(stored.key().value()));
            assertThat(keys).hasSize(250).allMatch(key -> (Long) key % 2 == 0).isSorted();
        }
    }

    @Test
    void onlyTheCollectionsOwnChangesAreHeard() {
        Heard heard = new Heard();
        StoreCollection others = store().collection("others");
        StoreCollection elsewhere = client().store("elsewhere").collection("things");
        try (Watch watch = things().watch(ALL, heard)) {
            others.insert(key("other"), Document.empty());
            elsewhere.insert(key("elsewhere"), Document.empty());
            awaitCovered(watch, things().insert(key("own"), Document.empty()));
        }
        assertThat(heard.told()).containsExactly("INSERT own");
    }

    @Test
    void bookmarksAdvanceWhileAnotherCollectionIsWritten() {
        Heard heard = new Heard();
        StoreCollection others = store().collection("others");
        Position start = things().position();
        try (Watch watch = things().watch(ALL, heard)) {
            for (int i = 0; i < 3; i++) {
                int before = heard.bookmarks.size();
                others.insert(key(i), Document.empty());
                awaitThat("another bookmark", () -> heard.bookmarks.size() > before);
            }
            Position bookmark = heard.bookmarks.get(heard.bookmarks.size() - 1);
            assertThat(things().covers(bookmark, start)).isTrue();
            assertThat(things().covers(start, bookmark)).isFalse();
            Written own = things().insert(key("own"), Document.empty());
            Heard rest = new Heard();
            try (Watch resumed = things().watch(ALL.withFrom(bookmark), rest)) {
                awaitCovered(resumed, own);
            }
            assertThat(rest.told()).containsExactly("INSERT own");
        }
        assertThat(heard.changes).hasSizeLessThan(2);
    }

    @Test
    void positionsCoverWhatCameBeforeThem() {
        Position start = things().position();
        Heard heard = new Heard();
        try (Watch watch = things().watch(ALL, heard)) {
            Written first = things().insert(key("a"), Document.empty());
            awaitCovered(watch, first);
            Written second = things().insert(key("b"), Document.empty());
            awaitCovered(watch, second);
            assertThat(things().covers(start, first.position())).isFalse();
            assertThat(things().covers(heard.changes.get(0).position(), first.position()))
                    .isTrue();
            assertThat(things().covers(heard.changes.get(0).position(), second.position()))
                    .isFalse();
            assertThat(things().covers(heard.changes.get(1).position(), first.position()))
                    .isTrue();
            assertThat(things().covers(things().position(), second.position())).isTrue();
            assertThat(watch.covers(start)).isTrue();
        }
    }

    @Test
    void changesNameTheClientThatMadeThem() {
        Heard heard = new Heard();
        try (Watch watch = things().watch(ALL, heard)) {
            things().insert(key("a"), Document.empty());
            awaitCovered(watch, thingsOf(openClient("second")).insert(key("b"), Document.empty()));
        }
        assertThat(heard.changes).extracting(Change::source).containsExactly("contract", "second");
    }

    @Test
    void keysAloneComeWithoutDocuments() {
        Heard heard = new Heard();
        Heard whole = new Heard();
        try (Watch keys = things().watch(ALL.withKeysOnly(), heard);
                Watch all = things().watch(ALL, whole)) {
            things().insert(key("k"), doc("n", 1));
            Written last = things().replace(key("k"), doc("n", 2), ALWAYS);
            awaitCovered(keys, last);
            awaitCovered(all, last);
        }
        assertThat(heard.told()).containsExactly("INSERT k", "UPDATE k");
        assertThat(heard.changes).extracting(Change::document).containsOnlyNulls();
        assertThat(whole.changes.get(1).document()).isEqualTo(doc("n", 2));
    }

    @Test
    void aPositionOfAnotherDatabaseIsAResync() {
        StoreCollection elsewhere = thingsOf(openClient(freshDatabase(), "elsewhere"));
        elsewhere.insert(key("k"), Document.empty());
        Position foreign = elsewhere.position();
        things().insert(key("k"), Document.empty());
        things().insert(key("l"), Document.empty());
        assertResync(foreign, Resync.Reason.OTHER_HISTORY);
        assertThat(things().covers(things().position(), foreign)).isFalse();
        assertThat(things().covers(foreign, things().position())).isFalse();
    }

    @Test
    void aTextThatIsNoPositionIsAResync() {
        String real = things().position().text();
        for (String text :
                List.of("nonsense", "0", "-1", real + "x", real + ":1", "ü", UUID.randomUUID() + ":7", " ")) {
            Heard heard = new Heard();
            try (Watch watch = things().watch(ALL.withFrom(new Position(text)), heard)) {
                awaitThat("a resync from '" + text + "'", () -> !heard.resyncs.isEmpty() && !watch.isOpen());
            }
        }
        assertResync(new Position("nonsense"), Resync.Reason.NOT_A_POSITION);
    }

    private void assertResync(Position from, Resync.Reason reason) {
        Heard heard = new Heard();
        try (Watch watch = things().watch(ALL.withFrom(from), heard)) {
            awaitThat("a resync", () -> !heard.resyncs.isEmpty());
            awaitThat("the end of the watch", () -> !watch.isOpen());
            things().upsert(key("more"), Document.empty(), Set.of());
        }
        assertThat(heard.resyncs).extracting(Resync::reason).containsExactly(reason);
        assertThat(heard.changes).isEmpty();
    }

    @Test
    void manyWatchersHearAll() {
        List<Heard> heards = new ArrayList<>();
        List<Watch> watches = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Heard heard = new Heard();
            heards.add(heard);
            watches.add(things().watch(i % 2 == 0 ? ALL : ALL.withKeysOnly(), heard));
        }
        Written last = things().insert(key(0), Document.empty());
        for (int i = 1; i < 20; i++) {
            last = things().insert(key(i), Document.empty());
        }
        for (Watch watch : watches) {
            awaitCovered(watch, last);
            watch.close();
        }
        assertThat(heards).allSatisfy(heard -> assertThat(heard.changes).hasSize(20));
    }

    @Test
    void aClosedWatchHearsNoMore() {
        Heard heard = new Heard();
        Watch watch = things().watch(ALL, heard);
        awaitCovered(watch, things().insert(key("a"), Document.empty()));
        watch.close();
        watch.close();
        assertThat(watch.isOpen()).isFalse();
        Position left = watch.position();
        Written written = things().insert(key("b"), Document.empty());
        Heard rest = new Heard();
        try (Watch resumed = things().watch(ALL.withFrom(left), rest)) {
            awaitCovered(resumed, written);
        }
        assertThat(heard.told()).containsExactly("INSERT a");
        assertThat(rest.told()).containsExactly("INSERT b");
    }

    @Test
    void closingAnIdleWatchDoesNotWait() {
        List<Watch> watches = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            watches.add(things().watch(ALL, change -> {}));
        }
        Written written = things().insert(key("k"), Document.empty());
        watches.forEach(watch -> awaitCovered(watch, written));
        long before = System.nanoTime();
        watches.forEach(Watch::close);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
    }
}
