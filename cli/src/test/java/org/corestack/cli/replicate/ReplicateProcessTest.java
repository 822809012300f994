package org.corestack.cli.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.corestack.document.Condition;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.store.Store;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Copies as their users run them: real processes, over real databases. With
 * {@code -Dcorestack.test.replicate.documents=100000} it is the long form.
 */
class ReplicateProcessTest {
    private static final int DOCUMENTS = Integer.getInteger("corestack.test.replicate.documents", 2_500);
    private static final int SIGTERM = 128 + 15;
    private static final Duration SOON = Duration.ofSeconds(300 + DOCUMENTS / 50);

    private static EmbeddedPostgres server;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startServer() throws IOException {
        server = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    private static String postgres() {
        return "postgresql://postgres@127.0.0.1:" + server.getPort() + "/postgres";
    }

    /** There and back, each killed on the way while a writer goes on until the list is written. */
    @Test
    void copiesToAnotherEngineAndBackLoseNothingThoughKilled() throws Exception {
        String first = "sqlite:" + folder.resolve("first.db");
        String last = "sqlite:" + folder.resolve("last.db");
        try (StoreClient client = StoreClient.open(first)) {
            StoreCollection orders = client.store("shop").collection("orders");
            Samples.fill(orders, 0, DOCUMENTS);
            orders.ensureIndexes(Samples.indexes());
        }
        copyThoughKilled(first, postgres());
        copyThoughKilled(postgres(), last);
        try (StoreClient one = StoreClient.open(postgres());
                StoreClient other = StoreClient.open(last)) {
            assertThat(sum(orders(other)).toString()).isEqualTo(sum(orders(one)).toString());
            assertThat(orders(other).indexes()).isEqualTo(orders(one).indexes()).hasSize(4);
        }
    }

    @Test
    void aFollowedCopyGoesOnUntilItIsEndedAndThenFromThere() throws Exception {
        String from = "sqlite:" + folder.resolve("from.db");
        String to = "sqlite:" + folder.resolve("to.db");
        try (StoreClient source = StoreClient.open(from);
                StoreClient target = StoreClient.open(to)) {
            Samples.fill(orders(source), 0, 100);
            try (ReplicateProcess copy = ReplicateProcess.start(folder, from, to, "--follow")) {
                await().atMost(SOON).until(() -> !copy.out().isEmpty());
                assertThat(copy.summary().get("mismatches").asLong()).isZero();
                orders(source).delete(Samples.key(1), Condition.none());
                orders(source).insert(Key.of("new"), Samples.document(1, 1));
                StoreCollection later = source.store("later").collection("things");
                later.insert(Key.of(1), Samples.document(2, 1));
                Samples.indexes().forEach(orders(source)::ensureIndex);
                await().atMost(SOON).untilAsserted(() -> {
                    assertThat(copy.isAlive()).as("%s", copy).isTrue();
                    assertThat(sum(orders(target)))
                            .hasToString(sum(orders(source)).toString());
                    assertThat(sum(target.store("later").collection("things")))
                            .hasToString(sum(later).toString());
                    assertThat(orders(target).indexes())
                            .isEqualTo(orders(source).indexes());
                });
                copy.terminate();
                assertThat(copy.await()).isEqualTo(SIGTERM);
                assertThat(copy.err())
                        .contains("corestack: ended; the same command goes on from here")
                        .doesNotContain("Exception");
                assertThat(copy.out().lines()).hasSize(1);
            }
            orders(source).delete(Samples.key(2), Condition.none());
            assertThat(phase(target)).isEqualTo("feed");
            try (ReplicateProcess copy = ReplicateProcess.start(folder, from, to)) {
                assertThat(copy.await()).as("%s", copy).isZero();
                assertThat(copy.summary().get("documents").asLong()).isEqualTo(100);
                assertThat(copy.summary().get("mismatches").asLong()).isZero();
            }
            assertThat(sum(orders(target))).hasToString(sum(orders(source)).toString());
        }
    }

    @Test
    void aTargetThatIsRestartedMeanwhileIsTriedAgain() throws Exception {
        String from = "sqlite:" + folder.resolve("from.db");
        try (StoreClient source = StoreClient.open(from)) {
            Samples.fill(orders(source), 0, DOCUMENTS);
        }
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "off")
                .setDataDirectory(folder.resolve("pg"))
                .setCleanDataDirectory(false);
        EmbeddedPostgres first = builder.start();
        String to = "postgresql://postgres@127.0.0.1:" + first.getPort() + "/postgres";
        try (ReplicateProcess copy = ReplicateProcess.start(folder, from, to, "--patience", "300")) {
            try (StoreClient target = StoreClient.open(to)) {
                await().atMost(SOON)
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> !copy.isAlive() || count(target) > 0);
            }
            first.close();
            await().atMost(SOON).until(() -> !copy.isAlive() || copy.err().contains("tried again: "));
            try (EmbeddedPostgres second = builder.setPort(first.getPort()).start()) {
                assertThat(copy.await()).as("%s", copy).isZero();
                assertThat(copy.summary().get("documents").asLong()).isEqualTo(DOCUMENTS);
                assertThat(copy.summary().get("mismatches").asLong()).isZero();
                assertThat(second.getPort()).isEqualTo(first.getPort());
            }
        }
    }

    private void copyThoughKilled(String from, String to) throws Exception {
        try (StoreClient source = StoreClient.open(from);
                StoreClient target = StoreClient.open(to);
                BusyWriter writer = new BusyWriter(orders(source), DOCUMENTS + 500, DOCUMENTS)) {
            try (ReplicateProcess killed = ReplicateProcess.start(folder, from, to)) {
                await().atMost(SOON)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> !killed.isAlive() || count(target) > DOCUMENTS / 8);
                killed.kill();
            }
            assertThat(phase(target)).as("killed on the way").isEqualTo("list");
            try (ReplicateProcess again = ReplicateProcess.start(folder, from, to)) {
                await().atMost(SOON).until(() -> !again.isAlive() || !"list".equals(phase(target)));
                assertThat(writer.stop()).isPositive();
                assertThat(again.await()).as("%s", again).isZero();
                JsonNode summary = again.summary();
                assertThat(summary.get("mismatches").asLong()).isZero();
                assertThat(summary.get("documents").asLong())
                        .isEqualTo(count(source))
                        .isEqualTo(count(target));
            }
            Checksum copy = sum(orders(target));
            assertThat(copy.toString()).isEqualTo(sum(orders(source)).toString());
            assertThat(copy.count()).isGreaterThan(DOCUMENTS / 2);
            assertThat(orders(target).indexes()).isEqualTo(orders(source).indexes());
            assertThat(phase(target)).isEqualTo("done");
        }
    }

    private static StoreCollection orders(StoreClient client) {
        return client.store("shop").collection("orders");
    }

    private static long count(StoreClient client) {
        return orders(client).count(Filter.all());
    }

    private static String phase(StoreClient target) {
        Store store = target.store("shop");
        return store.collection(Ledger.NAME)
                .find(Key.of("orders"))
                .map(row -> (String) row.document().get("phase"))
                .orElse("");
    }

    private static Checksum sum(StoreCollection collection) {
        Checksum sum = new Checksum();
        try (Stream<StoredDocument> all = collection.stream(Filter.all(), FindOptions.ofDefaults())) {
            all.forEach(sum::add);
        }
        return sum;
    }
}
