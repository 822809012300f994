package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.corestack.document.Change;
import org.corestack.document.Change.Operation;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.Position;
import org.corestack.document.Resync;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.StoreCollection;
import org.corestack.store.Watch;
import org.corestack.store.WatchOptions;
import org.corestack.store.spi.Capability;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The documents before and after each change, of collections that keep them, and filters judged on both. */
abstract class ImageContract extends ListenerContract {
    private static final WatchOptions EXACT = ALL.withExactImages();
    private static final Filter EVEN = Filter.compare(FieldPath.of("even"), Filter.Operator.EQ, true);

    /** What an exact watch told of the documents, in short. */
    private static List<String> images(Heard heard) {
        return heard.changes.stream()
                .map(change -> change.operation() + " " + n(change.before()) + " " + n(change.document()))
                .toList();
    }

    private static String n(@Nullable Document document) {
        return document == null ? "-" : String.valueOf(document.get("n"));
    }

    @Test
    void imagesAreKeptWhereTheyAreDeclared() {
        ErrorCode refused = capabilities().contains(Capability.EXACT_IMAGES) ? null : ErrorCode.UNSUPPORTED;
        assertThat(codeOf(things()::keepsImages)).isEqualTo(refused);
        assertThat(codeOf(() -> things().keepImages(true))).isEqualTo(refused);
        assertThat(codeOf(() -> things().watch(EXACT, change -> {}).close())).isEqualTo(refused);
    }

    @Test
    @Need.Of(Need.EXACT_IMAGES)
    void aWatchOfImagesThatAreNotKeptIsRefused() {
        things().insert(key("k"), Document.empty());
        assertThat(things().keepsImages()).isFalse();
        assertFails(ErrorCode.FAILED_PRECONDITION, () -> things().watch(EXACT, change -> {}));
        StoreCollection others = store().collection("others");
        others.keepImages(true);
        others.keepImages(true);
        assertThat(others.keepsImages()).isTrue();
        assertThat(thingsOf(openClient("second")).keepsImages()).isFalse();
        assertThat(openClient("third").store("contract").collection("others").keepsImages())
                .isTrue();
        others.keepImages(false);
        others.keepImages(false);
        assertThat(others.keepsImages()).isFalse();
        assertFails(ErrorCode.FAILED_PRECONDITION, () -> others.watch(EXACT, change -> {}));
    }

    /** Every kind of write, all of them behind the watch's beginning, so that what is latest is another document. */
    @Test
    @Need.Of(Need.EXACT_IMAGES)
    void eachChangeComesWithTheDocumentsBeforeAndAfterIt() {
        things().keepImages(true);
        Position start = things().position();
        things().insert(key("k"), doc("n", 1));
        things().replace(key("k"), doc("n", 2), ALWAYS);
        things().update(key("k"), doc("n", 3), Set.of(), ALWAYS);
        things().patch(key("k"), Patch.increment(FieldPath.of("n"), 1), ALWAYS);
        things().upsert(key("k"), doc("n", 5), Set.of());
        things().delete(key("k"), ALWAYS);
        things().upsert(key("k"), doc("n", 6), Set.of());
        things().writeAll(List.of(
                new Write.Replace(key("k"), doc("n", 7), ALWAYS), new Write.Replace(key("k"), doc("n", 8), ALWAYS)));
        things().deleteMany(Filter.all());
        Written last = things().insert(key("k"), doc("n", 9));
        Heard heard = new Heard();
        Heard latest = new Heard();
        try (Watch watch = things().watch(EXACT.withFrom(start), heard);
                Watch other = things().watch(ALL.withFrom(start), latest)) {
            awaitCovered(watch, last);
            awaitCovered(other, last);
        }
        assertThat(images(heard))
                .containsExactly(
                        "INSERT - 1",
                        "UPDATE 1 2",
                        "UPDATE 2 3",
                        "UPDATE 3 4",
                        "UPDATE 4 5",
                        "DELETE 5 -",
                        "INSERT - 6",
                        "UPDATE 6 7",
                        "UPDATE 7 8",
                        "DELETE 8 -",
                        "INSERT - 9");
        assertThat(latest.changes).hasSize(11).extracting(Change::before).containsOnlyNulls();
    }

    /** One so large that an engine can't add to it without looking at its size. */
    @Test
    @Need.Of(Need.EXACT_IMAGES)
    void aLargeDocumentIsChangedWithItsImages() {
        things().keepImages(true);
        Document large = Document.of("n", 1, "text", "x".repeat(5 << 20));
        things().insert(key("k"), large);
        Position start = things().position();
        things().upsert(key("k"), doc("n", 2L), Set.of());
        Written last = things().update(key("k"), doc("m", 3), Set.of("n"), ALWAYS);
        Heard heard = new Heard();
        try (Watch watch = things().watch(EXACT.withFrom(start), heard)) {
            awaitCovered(watch, last);
        }
        Document between = large.with("n", 2L);
        Document after = large.without("n").with("m", 3);
        assertThat(heard.changes).extracting(Change::before).containsExactly(large, between);
        assertThat(heard.changes).extracting(Change::document).containsExactly(between, after);
        assertThat(things().find(key("k")).orElseThrow().document()).isEqualTo(after);
    }

    @Test
    @Need.Of(Need.EXACT_IMAGES)
    void manyDeletedAtOnceHaveTheirOwnImages() {
        things().keepImages(true);
        for (int i = 0; i < 20; i++) {
            things().insert(key(i), doc("n", i));
        }
        Position start = things().position();
        things().deleteMany(Filter.all());
        Written last = things().insert(key("last"), doc("n", 20));
        Heard heard = new Heard();
        try (Watch watch = things().watch(EXACT.withFrom(start), heard)) {
            awaitCovered(watch, last);
        }
        assertThat(heard.changes).hasSize(21);
        assertThat(heard.changes.subList(0, 20))
                .allSatisfy(change -> assertThat(n(change.before()))
                        .isEqualTo(change.key().value().toString()));
    }

    @Test
    @Need.Of(Need.EXACT_IMAGES)
    void aFilterIsJudgedOnBothImages() {
        things().insert(key("gone"), Document.of("n", 0, "even", false));
        things().keepImages(true);
        Heard heard = new Heard();
        Heard keys = new Heard();
        try (Watch watch = things().watch(EXACT.withFilter(EVEN), heard);
                Watch bare = things().watch(EXACT.withFilter(EVEN).withKeysOnly(), keys)) {
            things().delete(key("gone"), ALWAYS);
            things().insert(key("never"), Document.of("n", 1, "even", false));
            things().replace(key("never"), Document.of("n", 2, "even", false), ALWAYS);
            things().insert(key("k"), Document.of("n", 1, "even", false));
            things().replace(key("k"), Document.of("n", 2, "even", true), ALWAYS);
            things().replace(key("k"), Document.of("n", 4, "even", true), ALWAYS);
            things().replace(key("k"), Document.of("n", 5, "even", false), ALWAYS);
            things().replace(key("k"), Document.of("n", 7, "even", false), ALWAYS);
            things().replace(key("k"), Document.of("n", 8, "even", true), ALWAYS);
            Written last = things().delete(key("k"), ALWAYS).orElseThrow();
            awaitCovered(watch, last);
            awaitCovered(bare, last);
        }
        assertThat(images(heard)).containsExactly("UPDATE 1 2", "UPDATE 2 4", "LEFT 4 -", "UPDATE 7 8", "DELETE 8 -");
        assertThat(keys.told()).containsExactly("UPDATE k", "UPDATE k", "LEFT k", "UPDATE k", "DELETE k");
        assertThat(keys.changes).allMatch(change -> change.before() == null && change.document() == null);
    }

    @Test
    @Need.Of(Need.EXACT_IMAGES)
    void aHistoryWithoutImagesIsAResync() {
        things().insert(
                        key("k"),
                        doc("n", 0)); // an insert has all its images where an engine tells of it with the document
        Position before = things().position();
        things().replace(key("k"), doc("n", 1), ALWAYS);
        things().keepImages(true);
        Position since = things().position();
        Written imaged = things().insert(key("l"), doc("n", 2));
        Heard old = new Heard();
        Heard heard = new Heard();
        Heard latest = new Heard();
        try (Watch late = things().watch(EXACT.withFrom(before), old);
                Watch watch = things().watch(EXACT.withFrom(since), heard);
                Watch other = things().watch(ALL.withFrom(before), latest)) {
            awaitThat("the resync", () -> !old.resyncs.isEmpty() && !late.isOpen());
            awaitCovered(watch, imaged);
            things().keepImages(false);
            Written bare = things().replace(key("l"), doc("n", 3), ALWAYS);
            awaitThat("the resync", () -> !heard.resyncs.isEmpty() && !watch.isOpen());
            awaitCovered(other, bare);
        }
        assertThat(old.resyncs).extracting(Resync::reason).containsExactly(Resync.Reason.NO_IMAGES);
        assertThat(old.changes).isEmpty();
        assertThat(heard.resyncs).extracting(Resync::reason).containsExactly(Resync.Reason.NO_IMAGES);
        assertThat(images(heard)).containsExactly("INSERT - 2");
        assertThat(latest.resyncs).isEmpty();
        assertThat(latest.told()).containsExactly("UPDATE k", "INSERT l", "UPDATE l");
    }

    /** Turned on by one client in the middle of what others write: from then on each image is what the one before left. */
    @Test
    @Need.Of(Need.EXACT_IMAGES)
    void imagesFormAnUnbrokenChainFromTheMomentTheyAreKept() {
        Seeds.run(2, random -> {
            String name = "imaged" + Long.toHexString(random.nextLong());
            StoreCollection own = store().collection(name);
            StoreCollection other = openClient("second").store("contract").collection(name);
            AtomicBoolean enough = new AtomicBoolean();
            List<Callable<Written>> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Random choices = new Random(random.nextLong());
                StoreCollection on = i % 2 == 0 ? own : other;
                threads.add(() -> writeUntil(enough, on, choices));
            }
            Heard heard = new Heard();
            Heard filtered = new Heard();
            List<Watch> watches = new ArrayList<>();
            threads.add(() -> {
                Await.pause(Duration.ofMillis(100));
                other.keepImages(true);
                Position since = own.position();
                watches.add(own.watch(EXACT.withFrom(since), heard));
                watches.add(other.watch(EXACT.withFrom(since).withFilter(EVEN), filtered));
                awaitThat("some changes", () -> heard.changes.size() > 150);
                enough.set(true);
                return own.upsert(key("last"), Document.of("n", 1, "even", true), Set.of());
            });
            together(threads);
            Written last = own.upsert(key("last"), Document.of("n", 2, "even", true), Set.of());
            watches.forEach(watch -> {
                awaitCovered(watch, last);
                watch.close();
            });
            assertThat(heard.resyncs).isEmpty();
            assertChain(own, heard);
            assertExactly(heard, filtered);
        });
    }

    private static Written writeUntil(AtomicBoolean enough, StoreCollection on, Random choices) {
        Written last = on.upsert(key(0), Document.of("n", 0, "even", true), Set.of());
        for (int i = 1; !enough.get(); i++) {
            Key key = key(choices.nextInt(4));
            Document document = Document.of("n", i, "even", choices.nextBoolean());
            try {
                switch (choices.nextInt(5)) {
                    case 0 -> on.delete(key, ALWAYS);
                    case 1 -> on.insert(key, document);
                    case 2 -> on.patch(key, Patch.increment(FieldPath.of("n"), 1), ALWAYS);
                    case 3 -> on.deleteMany(EVEN);
                    default -> on.replace(key, document, ALWAYS);
                }
            } catch (CoreException e) {
                assertThat(e.code()).isIn(ErrorCode.ALREADY_EXISTS, ErrorCode.NOT_FOUND, ErrorCode.CONFLICT);
            }
        }
        return last;
    }

    private static void assertChain(StoreCollection collection, Heard heard) {
        Map<Key, Document> state = new HashMap<>();
        for (Change change : heard.changes) {
            if (state.containsKey(change.key())) {
                assertThat(change.before()).as("before %s", change).isEqualTo(state.get(change.key()));
            }
            assertThat(change.before() == null).as("%s", change).isEqualTo(change.operation() == Operation.INSERT);
            assertThat(change.document() == null).as("%s", change).isEqualTo(change.operation() == Operation.DELETE);
            state.put(change.key(), change.document());
        }
        for (StoredDocument stored : collection.findMany(Filter.all(), FindOptions.ofDefaults())) {
            assertThat(stored.document()).isEqualTo(state.getOrDefault(stored.key(), stored.document()));
        }
    }

    /** The filtered watch heard of just those changes of which one image matches. */
    private static void assertExactly(Heard all, Heard filtered) {
        List<Long> expected = all.changes.stream()
                .filter(change -> matches(change.key(), change.before()) || matches(change.key(), change.document()))
                .map(Change::version)
                .sorted()
                .toList();
        assertThat(filtered.changes.stream().map(Change::version).sorted().toList())
                .isEqualTo(expected);
        assertThat(filtered.changes)
                .filteredOn(change -> change.operation() == Operation.LEFT)
                .allMatch(change -> matches(change.key(), change.before()));
    }

    private static boolean matches(Key key, @Nullable Document document) {
        return document != null && EVEN.matches(key, document);
    }

    @Test
    @Need.Of(Need.EXACT_IMAGES)
    void imagesAreOfTheTransactionThatWrote() {
        things().keepImages(true);
        Position start = things().position();
        things().insert(key("k"), doc("n", 1));
        if (capabilities().contains(Capability.TRANSACTIONS)) {
            store().inTransaction(transaction -> {
                StoreCollection within = transaction.collection("things");
                within.replace(key("k"), doc("n", 2), ALWAYS);
                within.delete(key("k"), ALWAYS);
                within.insert(key("k"), doc("n", 3));
                within.delete(key("k"), ALWAYS);
                return within.insert(key("k"), doc("n", 4));
            });
            codeOf(() -> store().inTransaction(transaction -> {
                transaction.collection("things").replace(key("k"), doc("n", 0), ALWAYS);
                throw new CoreException(ErrorCode.CANCELED, "undone");
            }));
        }
        Written last = things().replace(key("k"), doc("n", 5), ALWAYS);
        Heard heard = new Heard();
        try (Watch watch = things().watch(EXACT.withFrom(start), heard)) {
            awaitCovered(watch, last);
        }
        List<String> within =
                List.of("UPDATE 1 2", "DELETE 2 -", "INSERT - 3", "DELETE 3 -", "INSERT - 4", "UPDATE 4 5");
        assertThat(images(heard)).startsWith("INSERT - 1").hasSizeGreaterThan(1);
        if (capabilities().contains(Capability.TRANSACTIONS)) {
            assertThat(images(heard).subList(1, images(heard).size())).isEqualTo(within);
        }
    }
}
