package org.corestack.cli.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.corestack.cli.CommandRun;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Copies from one file to another, in this process. */
class ReplicateTest {
    @TempDir
    private Path folder;

    private String uri(String name) {
        return "sqlite:" + folder.resolve(name + ".db");
    }

    private StoreClient open(String name) {
        return StoreClient.open(uri(name));
    }

    private CommandRun copy(String from, String to, String... more) {
        List<String> words = new ArrayList<>(List.of("replicate", "--from", uri(from), "--to", uri(to), "--json"));
        words.addAll(List.of(more));
        return CommandRun.of(words.toArray(String[]::new));
    }

    private static JsonNode summary(CommandRun run) {
        assertThat(run.exitCode()).as("%s", run).isZero();
        return JsonMapper.shared()
                .readTree(run.out().lines().toList().get((int) run.out().lines().count() - 1));
    }

    private static Map<Key, Document> all(StoreCollection collection) {
        Map<Key, Document> all = new HashMap<>();
        collection
                .findMany(Filter.all(), FindOptions.ofDefaults())
                .forEach(stored -> all.put(stored.key(), stored.document()));
        return all;
    }

    @Test
    void everyStoreIsCopiedWithItsTypesAndIndexes() {
        try (StoreClient from = open("a")) {
            Samples.fill(from.store("shop").collection("orders"), 0, 2_500);
            from.store("shop").collection("orders").ensureIndexes(Samples.indexes());
            from.store("shop").collection("empty").ensureIndex(Index.on(FieldPath.of("a")));
            Samples.fill(from.store("Other-1").collection("things"), 0, 10);
            JsonNode summary = summary(copy("a", "b"));
            assertThat(summary.get("documents").asInt()).isEqualTo(2_510);
            assertThat(summary.get("mismatches").asInt()).isZero();
            assertThat(summary.get("perSecond").asDouble()).isPositive();
            assertThat(summary.get("collections").asInt()).isEqualTo(3);
            try (StoreClient to = open("b")) {
                assertThat(to.stores()).isEqualTo(Set.of("shop", "Other-1"));
                for (String name : List.of("orders", "empty")) {
                    StoreCollection copy = to.store("shop").collection(name);
                    StoreCollection source = from.store("shop").collection(name);
                    assertThat(all(copy)).isEqualTo(all(source));
                    assertThat(copy.indexes()).isEqualTo(source.indexes());
                }
                Document first = to.store("shop")
                        .collection("orders")
                        .find(Samples.key(5))
                        .orElseThrow()
                        .document();
                assertThat(first.names())
                        .containsExactlyElementsOf(Samples.document(5, 0).names());
            }
        }
    }

    @Test
    void oneStoreOrSomeCollectionsCanBeChosen() {
        try (StoreClient from = open("a")) {
            for (String store : List.of("one", "two")) {
                for (String collection : List.of("x", "y")) {
                    from.store(store).collection(collection).insert(Key.of(1), Document.of("in", store + collection));
                }
            }
        }
        summary(copy("a", "b", "--store", "two", "--collection", "x"));
        summary(copy("a", "c", "--collection", "y"));
        try (StoreClient b = open("b");
                StoreClient c = open("c")) {
            assertThat(b.stores()).containsExactly("two");
            assertThat(b.store("two").collections()).containsExactlyInAnyOrder("x", Ledger.NAME);
            assertThat(c.stores()).containsExactlyInAnyOrder("one", "two");
            assertThat(c.store("one").collections()).containsExactlyInAnyOrder("y", Ledger.NAME);
        }
    }

    @Test
    void aCopyCanBeCopiedBackWithoutItsPositions() {
        try (StoreClient from = open("a")) {
            Samples.fill(from.store("shop").collection("orders"), 0, 100);
        }
        summary(copy("a", "b"));
        summary(copy("b", "c"));
        try (StoreClient a = open("a");
                StoreClient c = open("c")) {
            assertThat(all(c.store("shop").collection("orders")))
                    .isEqualTo(all(a.store("shop").collection("orders")));
        }
    }

    @Test
    void whatHoldsSomethingIsRefusedUnlessToldTo() {
        try (StoreClient from = open("a");
                StoreClient to = open("b")) {
            Samples.fill(from.store("shop").collection("orders"), 0, 100);
            StoreCollection copy = to.store("shop").collection("orders");
            copy.insert(Key.of("mine"), Document.of("a", 1));
            copy.insert(Samples.key(3), Document.of("a", 1));
            CommandRun refused = copy("a", "b");
            assertThat(refused.exitCode()).isEqualTo(2);
            assertThat(refused.err()).contains("shop.orders is not empty", "--overwrite");
            assertThat(copy.count(Filter.all())).isEqualTo(2);
            assertThat(to.store("shop").collections()).containsExactly("orders");
            assertThat(summary(copy("a", "b", "--overwrite")).get("documents").asInt())
                    .isEqualTo(100);
            assertThat(all(copy)).isEqualTo(all(from.store("shop").collection("orders")));
            CommandRun again = copy("a", "b");
            assertThat(again.exitCode()).isEqualTo(2);
            assertThat(again.err()).contains("a finished copy of sqlite:");
            from.store("shop").collection("orders").delete(Samples.key(3), Condition.none());
            assertThat(summary(copy("a", "b", "--overwrite")).get("documents").asInt())
                    .isEqualTo(99);
        }
    }

    @Test
    void theUnfinishedCopyOfAnotherDatabaseIsRefused() {
        try (StoreClient from = open("a");
                StoreClient to = open("b")) {
            from.store("shop").collection("orders").insert(Key.of(1), Document.of("a", 1));
            to.store("shop").collection("orders").insert(Key.of(2), Document.of("a", 1));
            Ledger other = new Ledger(to.store("shop"), "sqlite:elsewhere.db");
            other.save("orders", Ledger.Phase.FEED, new Position("of another feed"));
            assertWrong(copy("a", "b"), "the unfinished copy of another database, sqlite:elsewhere.db");
            assertThat(summary(copy("a", "b", "--overwrite")).get("documents").asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void indexesOfTheTargetThatAreInTheWayAreNamed() {
        try (StoreClient from = open("a");
                StoreClient to = open("b");
                StoreClient other = open("c")) {
            StoreCollection orders = from.store("shop").collection("orders");
            orders.insert(Key.of(1), Document.of("a", 1));
            orders.insert(Key.of(2), Document.of("a", 1));
            orders.ensureIndex(Index.on(FieldPath.of("a")));
            to.store("shop")
                    .collection("orders")
                    .ensureIndex(Index.on(FieldPath.of("b")).named("by-a"));
            assertWrong(copy("a", "b"), "has the index by-a, which clashes with the source's by-a");
            other.store("shop")
                    .collection("orders")
                    .ensureIndex(Index.on(FieldPath.of("b"), FieldPath.of("a"))
                            .asUnique()
                            .named("only-one"));
            orders.insert(Key.of(3), Document.of("a", 1, "b", 1));
            orders.insert(Key.of(4), Document.of("a", 1, "b", 1));
            CommandRun forbidden = copy("a", "c");
            assertThat(forbidden.exitCode()).isEqualTo(1);
            assertThat(forbidden.err()).contains("the copy of shop.orders can't be written", "only-one");
        }
    }

    @Test
    void namesThatDifferInCaseOnlyAreRefused() {
        try (StoreClient from = open("a");
                StoreClient to = open("b")) {
            from.store("shop").collection("Orders").insert(Key.of(1), Document.empty());
            to.store("shop").collection("orders").ensureIndex(Index.on(FieldPath.of("a")));
            assertWrong(copy("a", "b"), "two names must differ in more than case");
        }
    }

    @Test
    void passwordsAreNotRepeated() {
        CommandRun run = CommandRun.of(
                Map.of("CORESTACK_TO", "postgresql://u:hunter2@127.0.0.1:1/x"),
                "replicate",
                "--from",
                "postgresql://u:hunter2@127.0.0.1:1/y");
        assertWrong(run, "the password in --from can be seen by other users");
        assertThat(run.err()).contains("set CORESTACK_FROM", "<hidden>").doesNotContain("hunter2");
    }

    @Test
    void wrongUseIsNamed() {
        try (StoreClient from = open("a")) {
            from.store("shop").collection("orders").insert(Key.of(1), Document.empty());
        }
        assertWrong(copy("a", "a"), "--from and --to are the same");
        assertWrong(
                CommandRun.of("replicate", "--to", uri("b")),
                "no source is given; use --from URI or set CORESTACK_FROM");
        assertWrong(
                CommandRun.of("replicate", "--from", uri("a")), "no target is given; use --to URI or set CORESTACK_TO");
        assertWrong(
                CommandRun.of("replicate", "--from", uri("a"), "--to", "sqlite:" + folder + "/./a.db"),
                "the target is the source itself");
        assertWrong(copy("a", "b", "--store", "shops"), "no store 'shops'; it has shop");
        assertWrong(copy("a", "b", "--store", "a.b"), "no store 'a.b'");
        assertWrong(copy("a", "b", "--collection", "x"), "no collection 'x'; it has orders");
        assertWrong(copy("a", "b", "--collection", Ledger.NAME), "can't be copied");
        assertWrong(copy("none", "b"), "the source has no collections");
        assertWrong(copy("a", "b", "--patience", "-1"), "--patience is -1");
        assertWrong(
                CommandRun.of("replicate", "--from", "nosql:x", "--to", uri("b")),
                "no engine serves the scheme 'nosql'");
        assertWrong(copy("a", "b", "more"), "more");
    }

    private static void assertWrong(CommandRun run, String complaint) {
        assertThat(run.exitCode()).as("%s", run).isEqualTo(2);
        assertThat(run.err()).contains(complaint);
        assertThat(run.out()).isEmpty();
    }
}
