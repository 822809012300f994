package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.corestack.document.Change;
import org.corestack.document.Change.Operation;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Position;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.Watch;
import org.corestack.store.WatchListener;
import org.corestack.store.WatchOptions;
import org.corestack.store.WatchOptions.Poison;
import org.junit.jupiter.api.Test;

/** What a filter lets through, and listeners that are slow, throw, or close their own watch. */
abstract class ListenerContract extends WatchContract {
    private static final Filter OPEN = Filter.compare(FieldPath.of("state"), Filter.Operator.EQ, "open");
    private static final WatchOptions OPEN_ONLY = ALL.withFilter(OPEN);

    private static Document state(String state) {
        return doc("state", state);
    }

    @Test
    void aFilterTellsWhatMatchesAndWhatMayHaveLeft() {
        Heard heard = new Heard();
        try (Watch watch = things().watch(OPEN_ONLY, heard)) {
            awaitCovered(watch, things().insert(key("never"), state("closed")));
            awaitCovered(watch, things().insert(key("k"), state("open")));
            awaitCovered(watch, things().replace(key("k"), state("open").with("n", 1), ALWAYS));
            awaitCovered(watch, things().replace(key("k"), state("closed"), ALWAYS));
            awaitCovered(watch, things().replace(key("k"), state("open"), ALWAYS));
            awaitCovered(watch, things().delete(key("k"), ALWAYS).orElseThrow());
        }
        assertThat(heard.told()).containsExactly("INSERT k", "UPDATE k", "LEFT k", "UPDATE k", "DELETE k");
        assertThat(heard.changes.get(1).document()).isEqualTo(state("open").with("n", 1));
        assertThat(heard.changes.get(2).document()).isNull();
    }

    @Test
    void anUpdateThatDoesNotMatchIsNeverDropped() {
        things().insert(key("k"), state("open"));
        Heard heard = new Heard();
        try (Watch watch = things().watch(OPEN_ONLY, heard)) {
            awaitCovered(watch, things().update(key("k"), state("closed"), Set.of(), ALWAYS));
        }
        assertThat(heard.told()).containsExactly("LEFT k");
    }

    @Test
    void aDeleteIsNeverDropped() {
        things().insert(key("matching"), state("open"));
        things().insert(key("other"), state("closed"));
        Heard heard = new Heard();
        try (Watch watch = things().watch(OPEN_ONLY, heard)) {
            things().delete(key("matching"), ALWAYS);
            awaitCovered(watch, things().delete(key("other"), ALWAYS).orElseThrow());
        }
        assertThat(heard.told()).containsExactly("DELETE matching", "DELETE other");
    }

    @Test
    void aFilterIsJudgedOnTheDocumentThatIsShown() {
        Position start = things().position();
        things().insert(key("left"), state("open"));
        things().insert(key("came"), state("closed"));
        things().replace(key("left"), state("closed"), ALWAYS);
        Written last = things().replace(key("came"), state("open"), ALWAYS);
        Heard heard = new Heard();
        try (Watch watch = things().watch(OPEN_ONLY.withFrom(start), heard)) {
            awaitCovered(watch, last);
        }
        assertThat(heard.told()).containsSubsequence("LEFT left", "UPDATE came").doesNotContain("INSERT left");
        assertThat(heard.changes)
                .filteredOn(change -> change.operation() != Operation.LEFT)
                .extracting(Change::document)
                .containsOnly(state("open"));
    }

    @Test
    void aFilterOnKeysAloneLooksAtTheDocument() {
        Heard heard = new Heard();
        try (Watch watch = things().watch(OPEN_ONLY.withKeysOnly(), heard)) {
            awaitCovered(watch, things().insert(key("never"), state("closed")));
            awaitCovered(watch, things().insert(key("k"), state("open")));
            awaitCovered(watch, things().replace(key("k"), state("closed"), ALWAYS));
        }
        assertThat(heard.told()).containsExactly("INSERT k", "LEFT k");
        assertThat(heard.changes).extracting(Change::document).containsOnlyNulls();
    }

    @Test
    void bookmarksAdvanceWhereTheFilterLetsNothingThrough() {
        Heard heard = new Heard();
        try (Watch watch = things().watch(OPEN_ONLY, heard)) {
            Written written = things().insert(key("never"), state("closed"));
            awaitThat(
                    "a bookmark that covers the insert",
                    () -> heard.bookmarks.stream().anyMatch(one -> things().covers(one, written.position())));
            assertThat(watch.covers(written.position())).isTrue();
        }
        assertThat(heard.changes).isEmpty();
    }

    /** Throws the given number of times for each key of the name {@code poison}. */
    private static WatchListener throwing(Heard heard, int times, AtomicInteger thrown) {
        return new WatchListener() {
            @Override
            public void onChange(Change change) throws Exception {
                if (change.key().equals(key("poison")) && thrown.getAndIncrement() < times) {
                    throw new Exception("the listener can't");
                }
                heard.onChange(change);
            }

            @Override
            public void onFailure(CoreException error) {
                heard.onFailure(error);
                throw new IllegalStateException("from onFailure too");
            }

            @Override
            public void onBookmark(Position position) {
                heard.onBookmark(position);
                throw new IllegalStateException("from onBookmark too");
            }

            @Override
            public void onStopped(CoreException reason) {
                heard.onStopped(reason);
                throw new IllegalStateException("from onStopped too");
            }
        };
    }

    @Test
    void aListenerThatThrowsIsGivenTheChangeAgain() {
        Heard heard = new Heard();
        AtomicInteger thrown = new AtomicInteger();
        try (Watch watch = things().watch(ALL, throwing(heard, 2, thrown))) {
            things().insert(key("before"), Document.empty());
            things().insert(key("poison"), Document.empty());
            awaitCovered(watch, things().insert(key("after"), Document.empty()));
        }
        assertThat(heard.told()).containsExactly("INSERT before", "INSERT poison", "INSERT after");
        assertThat(heard.failures).hasSize(2);
        assertThat(heard.failures.get(0)).hasRootCauseMessage("the listener can't");
    }

    @Test
    void aChangeThatKeepsThrowingIsSkipped() {
        Heard heard = new Heard();
        AtomicInteger thrown = new AtomicInteger();
        try (Watch watch = things().watch(ALL.withPoison(3, Poison.SKIP), throwing(heard, 100, thrown))) {
            things().insert(key("poison"), Document.empty());
            awaitCovered(watch, things().insert(key("after"), Document.empty()));
        }
        assertThat(heard.told()).containsExactly("INSERT after");
        assertThat(thrown).hasValue(3);
        assertThat(heard.failures).hasSize(3);
    }

    @Test
    void aChangeThatKeepsThrowingStopsTheWatchThatSaysSo() {
        Heard heard = new Heard();
        AtomicInteger thrown = new AtomicInteger();
        Position left;
        Written last;
        try (Watch watch = things().watch(ALL.withPoison(2, Poison.STOP), throwing(heard, 100, thrown))) {
            things().insert(key("before"), Document.empty());
            things().insert(key("poison"), Document.empty());
            last = things().insert(key("after"), Document.empty());
            awaitThat("the end of the watch", () -> !watch.isOpen());
            left = watch.position();
        }
        assertThat(heard.told()).containsExactly("INSERT before");
        assertThat(heard.stops).hasSize(1);
        Heard rest = new Heard();
        try (Watch resumed = things().watch(ALL.withFrom(left), rest)) {
            awaitCovered(resumed, last);
        }
        assertThat(rest.told()).containsExactly("INSERT poison", "INSERT after");
    }

    /** One unreadable document silenced all watchers of a feed for ever. */
    @Test
    @Need.Of(Need.OWN_HANDLES)
    void anUnreadableDocumentSilencesNobody() {
        Position start = things().position();
        things().insert(key("good"), doc("n", 1));
        things().insert(key("bad"), doc("n", 2));
        nativeAccess().orElseThrow().spoil(client(), store().name(), "things", key("bad"));
        Heard skipping = new Heard();
        Heard stopping = new Heard();
        Heard keys = new Heard();
        Heard live = new Heard();
        try (Watch running = things().watch(ALL, live);
                Watch skips = things().watch(ALL.withFrom(start), skipping);
                Watch stops = things().watch(ALL.withFrom(start).withPoison(8, Poison.STOP), stopping);
                Watch ofKeys = things().watch(ALL.withFrom(start).withKeysOnly(), keys)) {
            Written last = things().insert(key("last"), doc("n", 3));
            awaitCovered(running, last);
            awaitCovered(skips, last);
            awaitCovered(ofKeys, last);
            awaitThat("the end of the one that stops", () -> !stops.isOpen());
            assertThat(things().covers(stops.position(), last.position())).isFalse();
        }
        assertThat(live.told()).containsExactly("INSERT last");
        assertThat(skipping.told()).containsExactly("INSERT good", "INSERT last");
        assertThat(skipping.failures)
                .isNotEmpty()
                .allSatisfy(failure -> assertThat(failure)
                        .hasMessageContaining("bad")
                        .hasMessageContaining("things")
                        .hasMessageContaining("can't be read"));
        assertThat(keys.told()).contains("INSERT good", "INSERT bad", "INSERT last");
        assertThat(stopping.told()).containsExactly("INSERT good");
        assertThat(stopping.stops).hasSize(1);
        assertThat(stopping.stops.get(0).code()).isIn(ErrorCode.UNSUPPORTED, ErrorCode.DATA_LOSS);
    }

    @Test
    void aListenerThatThrowsTroublesNoOther() {
        Heard other = new Heard();
        AtomicInteger thrown = new AtomicInteger();
        try (Watch bad = things().watch(ALL, throwing(new Heard(), 1_000, thrown));
                Watch good = things().watch(ALL, other)) {
            things().insert(key("poison"), Document.empty());
            Written last = things().insert(key("after"), Document.empty());
            awaitCovered(good, last);
            assertThat(bad.covers(last.position())).isFalse();
        }
        assertThat(other.told()).containsExactly("INSERT poison", "INSERT after");
    }

    @Test
    void aListenerThatInterruptsItselfMissesNothing() {
        Heard heard = new Heard();
        AtomicInteger thrown = new AtomicInteger();
        WatchListener interrupting = change -> {
            Thread.currentThread().interrupt();
            throwing(heard, 1, thrown).onChange(change);
        };
        try (Watch watch = things().watch(ALL, interrupting)) {
            things().insert(key("before"), Document.empty());
            things().insert(key("poison"), Document.empty());
            awaitCovered(watch, things().insert(key("after"), Document.empty()));
        }
        assertThat(heard.told()).containsExactly("INSERT before", "INSERT poison", "INSERT after");
    }

    @Test
    void aListenerThatInterruptsItselfIsNotGivenAChangeForEver() {
        Heard heard = new Heard();
        AtomicInteger thrown = new AtomicInteger();
        WatchListener interrupting = change -> {
            Thread.currentThread().interrupt();
            throwing(heard, 1_000, thrown).onChange(change);
        };
        try (Watch watch = things().watch(ALL.withPoison(3, Poison.SKIP), interrupting)) {
            things().insert(key("poison"), Document.empty());
            awaitCovered(watch, things().insert(key("after"), Document.empty()));
        }
        assertThat(heard.told()).containsExactly("INSERT after");
        assertThat(thrown).hasValue(3);
    }

    @Test
    void aListenerCanCloseItsOwnWatch() {
        Heard heard = new Heard();
        CompletableFuture<Watch> own = new CompletableFuture<>();
        Watch watch = things().watch(ALL, change -> {
            heard.onChange(change);
            own.get().close();
        });
        own.complete(watch);
        things().insert(key("a"), Document.empty());
        things().insert(key("b"), Document.empty());
        awaitThat("the end of the watch", () -> !watch.isOpen());
        assertThat(heard.told()).containsExactly("INSERT a");
        watch.close();
    }

    @Test
    void aListenerCanWriteToWhatItWatches() {
        Heard heard = new Heard();
        try (Watch watch = things().watch(ALL, change -> {
            heard.onChange(change);
            if (change.operation() == Operation.INSERT) {
                things().delete(change.key(), ALWAYS);
            }
        })) {
            things().insert(key("a"), Document.empty());
            things().insert(key("b"), Document.empty());
            awaitThat("all changes", () -> heard.changes.size() == 4);
            assertThat(watch.isOpen()).isTrue();
        }
        assertThat(heard.told()).containsSubsequence("INSERT a", "DELETE a");
        assertThat(heard.told()).containsSubsequence("INSERT b", "DELETE b");
    }

    @Test
    void theLagGrowsBehindASlowListenerAndIsSmallAtRest() {
        CountDownLatch free = new CountDownLatch(1);
        Duration little = Duration.ofMillis(1_500);
        try (Watch held = things().watch(ALL, change -> free.await());
                Watch running = things().watch(ALL, change -> {})) {
            Written written = things().insert(key("k"), Document.empty());
            awaitThat("the slow one's lag to grow", () -> held.lag().compareTo(little) > 0);
            awaitThat("little lag of the other", () -> running.lag().compareTo(little) < 0);
            assertThat(running.covers(written.position())).isTrue();
            free.countDown();
            awaitThat("little lag behind the listener", () -> held.lag().compareTo(little) < 0);
            assertThat(held.covers(written.position())).isTrue();
            client().healthCheck(); // a listener's slowness is no matter of the database
        } finally {
            free.countDown();
        }
    }

    @Test
    void aSlowListenerHoldsUpNoOtherAndMissesNothing() throws Exception {
        int count = 600;
        CountDownLatch free = new CountDownLatch(1);
        AtomicBoolean hold = new AtomicBoolean();
        WatchListener holding = change -> {
            if (hold.get()) {
                free.await();
            }
        };
        FeedHistory history = FeedHistory.of(things());
        Position start = things().position();
        WatchOptions small = ALL.withFrom(start).withBuffer(10);
        FeedObserver slow = history.observer("slow", small);
        FeedObserver fast = history.observer("fast", ALL);
        RecordedCollection writer = new RecordedCollection(things(), history, "writer");
        try (Watch held = things().watch(small, slow.from(start, holding));
                Watch running = things().watch(ALL.withFrom(start), fast.from(start))) {
            for (int i = 0; i < 10; i++) { // while which both come to share a reader
                awaitCovered(running, writer.insert(key("warm-up " + i), Document.empty()));
                Await.pause(Duration.ofMillis(20));
            }
            hold.set(true);
            for (int i = 0; i < count; i++) {
                Document document = doc("n", i);
                if (i < 20) {
                    writer.insert(key(i), document);
                } else {
                    writer.replace(key(i % 20), document, ALWAYS);
                }
            }
            List<Position> all = history.positions();
            awaitThat("the fast one to have heard all", () -> running.covers(all.get(all.size() - 1)));
            assertThat(held.covers(all.get(all.size() - 1))).isFalse();
            free.countDown();
            awaitThat("the slow one to have heard all", () -> held.covers(all.get(all.size() - 1)));
        } finally {
            free.countDown();
        }
        history.verify();
    }
}
