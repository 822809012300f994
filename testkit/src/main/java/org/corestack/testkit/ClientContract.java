package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.errors.ErrorCode;
import org.corestack.store.Store;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;
import org.corestack.store.Watch;
import org.corestack.store.WatchOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The client around the documents: time, interrupts, closing, wrong arguments, names, health. */
abstract class ClientContract extends StreamContract {
    private static final Key K = Key.of("k");

    /** Every operation that writes, on the document {@link #K}. */
    private static Map<String, ThrowingCallable> writes(StoreCollection on) {
        Map<String, ThrowingCallable> all = new LinkedHashMap<>();
        all.put("insert", () -> on.insert(key("new"), Document.empty()));
        all.put("replace", () -> on.replace(K, doc("a", 2), ALWAYS));
        all.put("update", () -> on.update(K, doc("a", 2), Set.of(), ALWAYS));
        all.put("upsert", () -> on.upsert(K, doc("a", 2), Set.of()));
        all.put("patch", () -> on.patch(K, Patch.increment(FieldPath.of("a"), 1), ALWAYS));
        all.put("delete", () -> on.delete(K, ALWAYS));
        return all;
    }

    /** Every operation that reads. */
    private static Map<String, ThrowingCallable> reads(StoreCollection on) {
        Map<String, ThrowingCallable> all = new LinkedHashMap<>();
        all.put("find", () -> on.find(K));
        all.put("findMany", () -> on.findMany(Filter.all(), FindOptions.ofDefaults()));
        all.put("snapshot", () -> on.snapshot(Filter.all()).close());
        all.put("position", on::position);
        return all;
    }

    private static Map<String, ThrowingCallable> all(StoreCollection on) {
        Map<String, ThrowingCallable> all = writes(on);
        all.putAll(reads(on));
        all.put("ensureIndex", () -> on.ensureIndex(Index.on(FieldPath.of("a"))));
        return all;
    }

    private void assertUntouched(long version) {
        assertThat(things().find(K).orElseThrow().version()).isEqualTo(version);
        assertThat(things().find(key("new"))).isEmpty();
    }

    @Test
    void whatHasNoTimeLeftIsNotDone() {
        long version = things().insert(K, doc("a", 1)).version();
        StoreCollection hasty = things().withTimeout(Duration.ofNanos(1));
        all(hasty).forEach((name, call) -> assertThat(codeOf(call)).as(name).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
        assertUntouched(version);
    }

    @Test
    void anInterruptedThreadIsCanceledAndStaysInterrupted() {
        long version = things().insert(K, doc("a", 1)).version();
        Map<String, ThrowingCallable> calls = all(things());
        calls.put("healthCheck", () -> client().healthCheck());
        calls.forEach((name, call) -> {
            Thread.currentThread().interrupt();
            ErrorCode code = codeOf(call);
            assertThat(Thread.interrupted()).as("%s restores the flag", name).isTrue();
            assertThat(code).as(name).isEqualTo(ErrorCode.CANCELED);
        });
        assertUntouched(version);
    }

    @Test
    void nothingWorksOnceTheClientIsClosed() {
        things().insert(K, doc("a", 1));
        StoreClient other = openClient("other");
        StoreCollection theirs = thingsOf(other);
        theirs.find(K);
        other.close();
        other.close();
        Map<String, ThrowingCallable> calls = all(theirs);
        calls.put("watch", () -> theirs.watch(WatchOptions.ofDefaults(), change -> {}));
        calls.put("collections", () -> other.store("contract").collections());
        calls.put("stores", other::stores);
        calls.put("indexes", () -> thingsOf(other).indexes());
        calls.put("healthCheck", other::healthCheck);
        calls.forEach((name, call) -> assertThat(codeOf(call)).as(name).isEqualTo(ErrorCode.FAILED_PRECONDITION));
        assertThat(things().find(K).orElseThrow().document()).isEqualTo(doc("a", 1));
    }

    @Test
    void openListsFailOnceTheClientIsClosed() {
        for (int i = 0; i < 2_000; i++) {
            things().insert(key(i), doc("text", "x".repeat(200)));
        }
        StoreClient other = openClient("other");
        var found =
                thingsOf(other).stream(Filter.all(), FindOptions.ofDefaults()).iterator();
        found.next();
        other.close();
        ErrorCode code = codeOf(() -> {
            while (found.hasNext()) {
                found.next();
            }
        });
        assertThat(code).isEqualTo(ErrorCode.FAILED_PRECONDITION);
    }

    @Test
    void aMissingArgumentIsNamedAndNothingIsDone() {
        things().insert(K, doc("a", 1));
        Document d = doc("a", 2);
        Patch p = Patch.unset(FieldPath.of("a"));
        Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
        calls.put("insert key", () -> things().insert(missing(), d));
        calls.put("insert document", () -> things().insert(K, missing()));
        calls.put("replace key", () -> things().replace(missing(), d, ALWAYS));
        calls.put("replace document", () -> things().replace(K, missing(), ALWAYS));
        calls.put("replace condition", () -> things().replace(K, d, missing()));
        calls.put("update key", () -> things().update(missing(), d, Set.of(), ALWAYS));
        calls.put("update set", () -> things().update(K, missing(), Set.of(), ALWAYS));
        calls.put("update unset", () -> things().update(K, d, missing(), ALWAYS));
        calls.put("update condition", () -> things().update(K, d, Set.of(), missing()));
        calls.put("update, a name", () -> things().update(K, d, Collections.singleton(missing()), ALWAYS));
        calls.put("upsert key", () -> things().upsert(missing(), d, Set.of()));
        calls.put("upsert set", () -> things().upsert(K, missing(), Set.of()));
        calls.put("upsert unset", () -> things().upsert(K, d, missing()));
        calls.put("patch key", () -> things().patch(missing(), p, ALWAYS));
        calls.put("patch patch", () -> things().patch(K, missing(), ALWAYS));
        calls.put("patch condition", () -> things().patch(K, p, missing()));
        calls.put("delete key", () -> things().delete(missing(), ALWAYS));
        calls.put("delete condition", () -> things().delete(K, missing()));
        calls.put("find key", () -> things().find(missing()));
        calls.put("findMany filter", () -> things().findMany(missing(), FindOptions.ofDefaults()));
        calls.put("findMany options", () -> things().findMany(Filter.all(), missing()));
        calls.put("snapshot filter", () -> things().snapshot(missing()));
        calls.put("ensureIndex index", () -> things().ensureIndex(missing()));
        calls.put("watch options", () -> things().watch(missing(), change -> {}));
        calls.put("watch listener", () -> things().watch(WatchOptions.ofDefaults(), missing()));
        calls.put("withTimeout", () -> things().withTimeout(missing()));
        calls.put("key", () -> Key.of(missing()));
        calls.put("set and unset", () -> things().update(K, d, Set.of("a"), ALWAYS));
        calls.put("timeout of zero", () -> things().withTimeout(Duration.ZERO));
        calls.forEach((name, call) -> assertThat(codeOf(call)).as(name).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        assertThat(things().find(K).orElseThrow().document()).isEqualTo(doc("a", 1));
    }

    /** A null, as a caller passes it whose code is not checked for that. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T missing() {
        @Nullable T nothing = null;
        return nothing;
    }

    @Test
    void namesThatAreNotAllowedAreRefused() {
        List<String> bad = new ArrayList<>(List.of("", "1a", "_a", "a.b", "a b", "ä", "a\"b", "a;b", "$a", "a\n"));
        bad.add("a".repeat(49));
        for (String name : bad) {
            assertFails(ErrorCode.INVALID_ARGUMENT, () -> client().store(name));
            assertFails(ErrorCode.INVALID_ARGUMENT, () -> store().collection(name));
            assertFails(
                    ErrorCode.INVALID_ARGUMENT,
                    () -> Index.on(FieldPath.of("a")).named(name));
            assertFails(ErrorCode.INVALID_ARGUMENT, () -> FieldPath.of(name + ".x y"));
        }
    }

    @Test
    void allowedNamesWork() {
        List<String> names =
                List.of("a", "A1-_x", "select", "order", "table", "sqlite-x", "pg_x", "a".repeat(48), "z--");
        for (String name : names) {
            StoreCollection collection = client().store(name).collection(name);
            collection.insert(key(name), doc("name", name));
            collection.ensureIndex(Index.on(FieldPath.of("name")).named(name));
            collection.ensureIndex(Index.on(FieldPath.of(name.replace('-', '_') + "." + "x".repeat(40))));
        }
        for (String name : names) {
            Filter filter = Filter.compare(FieldPath.of("name"), Filter.Operator.EQ, name);
            assertThat(client().store(name).collection(name).findMany(filter, FindOptions.ofDefaults()))
                    .hasSize(1);
        }
    }

    /** Not ALREADY_EXISTS, which an insert gives for its key. */
    @Test
    void namesThatDifferInCaseOnlyClash() {
        store().collection("Orders").insert(K, Document.empty());
        assertFails(
                ErrorCode.FAILED_PRECONDITION,
                () -> store().collection("orders").insert(K, Document.empty()));
        assertThat(store().collections()).containsExactly("Orders");
        things().ensureIndex(Index.on(FieldPath.of("a")).named("By-A"));
        assertFails(
                ErrorCode.ALREADY_EXISTS,
                () -> things().ensureIndex(Index.on(FieldPath.of("a")).named("by-a")));
    }

    @Test
    void storesAndCollectionsThatLookAlikeDoNotMix() {
        List<List<String>> pairs = List.of(
                List.of("a", "b-c"),
                List.of("a-b", "c"),
                List.of("a", "b_c"),
                List.of("a_b", "c"),
                List.of("a", "b--c"));
        for (List<String> pair : pairs) {
            StoreCollection collection = client().store(pair.get(0)).collection(pair.get(1));
            collection.insert(K, doc("where", pair.toString()));
        }
        for (List<String> pair : pairs) {
            Store one = client().store(pair.get(0));
            assertThat(one.collections()).contains(pair.get(1));
            assertThat(one.collection(pair.get(1)).find(K).orElseThrow().document())
                    .isEqualTo(doc("where", pair.toString()));
        }
    }

    @Test
    void collectionsAreListedOnceTheyExist() {
        assertThat(store().collections()).isEmpty();
        things().find(K);
        things().insert(K, Document.empty());
        store().collection("indexed").ensureIndex(Index.on(FieldPath.of("a")));
        client().store("elsewhere").collection("other").insert(K, Document.empty());
        assertThat(store().collections()).containsExactlyInAnyOrder("things", "indexed");
        things().delete(K, Condition.none());
        assertThat(store().collections()).contains("things");
    }

    @Test
    void storesAreListedOnceTheyHaveACollection() {
        assertThat(client().stores()).isEmpty();
        client().store("read").collection("things").find(K);
        client().store("written").collection("things").insert(K, Document.empty());
        client().store("Indexed-2").collection("things").ensureIndex(Index.on(FieldPath.of("a")));
        client().store("information_schema").collection("things").insert(K, Document.empty());
        assertThat(client().stores()).containsExactlyInAnyOrder("written", "Indexed-2", "information_schema");
        assertThat(openClient("other").stores()).isEqualTo(client().stores());
    }

    @Test
    void healthIsGoodWhereNothingIsWrong() {
        client().healthCheck();
    }

    @Test
    void capabilitiesAreTheDeclaredOnes() {
        assertThat(client().capabilities()).isEqualTo(capabilities());
    }

    @Test
    void aHandleThatTheEngineDoesNotHaveIsUnsupported() {
        assertFails(ErrorCode.UNSUPPORTED, () -> client().unwrap(ClientContract.class));
    }

    @Test
    void closingEndsEverythingWithinItsBound() {
        things().insert(K, doc("a", 1));
        StoreClient other = openClient("other");
        List<Watch> watches = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            watches.add(thingsOf(other).watch(WatchOptions.ofDefaults(), change -> {}));
        }
        long before = System.nanoTime();
        other.close();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        assertThat(watches).noneMatch(Watch::isOpen);
    }
}
