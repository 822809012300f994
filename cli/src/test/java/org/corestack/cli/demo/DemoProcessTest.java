package org.corestack.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.corestack.cli.demo.register.LookalikeGroup;
import org.corestack.cli.demo.replica.DemoTables;
import org.corestack.store.StoreClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The demo as its users run it: real processes over a real file. */
class DemoProcessTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void smallRunHoldsAndSaysSoInItsLastLine() throws Exception {
        try (DemoProcess demo = DemoProcess.start(folder, "--records", "300", "--replicas", "3", "--json")) {
            assertThat(demo.await()).as("%s", demo).isZero();
            JsonNode summary = summary(demo);
            assertThat(summary.propertyNames())
                    .containsExactly(
                            "records",
                            "results",
                            "lost",
                            "duplicates",
                            "collisions",
                            "takeoverMillis",
                            "perSecond",
                            "replicas");
            assertThat(summary.get("records").asInt()).isEqualTo(300);
            assertThat(summary.get("results").asInt()).isEqualTo(300);
            assertThat(summary.get("lost").asInt()).isZero();
            assertThat(summary.get("duplicates").asInt()).isZero();
            assertThat(summary.get("perSecond").asDouble()).isPositive();
            assertThat(summary.get("replicas").asInt()).isEqualTo(3);
            assertThat(demo.out().lines()).hasSize(1);
            assertThat(demo.leftBehind()).as("also by the killed one").isEmpty();
            assertThat(demo.err()).contains("killed r1 ", "r4 takes its place", "300 of 300 descriptions (100%)");
        }
    }

    /** Linux's device that is always full. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void summaryThatCannotBePrintedIsAFailure() throws Exception {
        try (DemoProcess demo = DemoProcess.startInto(Path.of("/dev/full"), folder, "--records", "30", "--json")) {
            assertThat(demo.await()).as("%s", demo.err()).isEqualTo(1);
            assertThat(demo.err()).contains("corestack: the proof holds, but the summary could not be printed");
        }
    }

    @Test
    void oneReplicaIsReplacedByAnother() throws Exception {
        try (DemoProcess demo = DemoProcess.start(folder, "--records", "2000", "--replicas", "1")) {
            assertThat(demo.await()).as("%s", demo).isZero();
            assertThat(demo.out())
                    .contains("killed r1 ", "ms from SIGKILL to the replacement's first result", "CYRILLIC")
                    .contains("lost 0, duplicates 0: it holds")
                    .doesNotContain("\u001B");
            assertThat(demo.err()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"DROP_ONE, 2, 0", "WRITE_TWICE, 0, 1", "ALTER_FIELD, 1, 0", "DROP_MEMBER, 1, 0"})
    void faultIsFoundByTheProof(String fault, int lost, int duplicates) throws Exception {
        try (DemoProcess demo =
                DemoProcess.start(folder, "--records", "60", "--replicas", "2", "--json", "--fault", fault)) {
            assertThat(demo.await()).as("%s", demo).isEqualTo(1);
            assertThat(summary(demo).get("lost").asInt()).isEqualTo(lost);
            assertThat(summary(demo).get("duplicates").asInt()).isEqualTo(duplicates);
            assertThat(demo.err())
                    .contains("the proof does not hold: lost " + lost + ", duplicates " + duplicates
                            + "; the tables are kept in ");
            Path kept = Path.of(demo.err().replaceAll("(?s).*the tables are kept in (\\S+).*", "$1"));
            assertThat(kept).isRegularFile();
            assertThat(kept.getParent())
                    .isDirectoryNotContaining(
                            file -> !file.getFileName().toString().startsWith("demo.db"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"users.ndjson", "users.csv"})
    void ownRecordsAreDescribed(String name) throws Exception {
        String content = name.endsWith("csv")
                ? "id,user\n1,paypal\n2,p\u0430ypal\n3,zoe\n"
                : "{\"user\":\"paypal\"}\n{\"user\":\"p\u0430ypal\"}\n{\"user\":\"zoe\"}\n";
        Path file = Files.writeString(folder.resolve(name), content);
        String uri = "sqlite:" + folder.resolve("own.db");
        try (DemoProcess demo =
                DemoProcess.start(folder, "--input", file.toString(), "--key", "user", "--store", uri)) {
            assertThat(demo.await()).as("%s", demo).isZero();
            assertThat(demo.out()).contains("3 records, 3 descriptions, 2 groups of look-alikes");
        }
        try (StoreClient client = StoreClient.open(uri)) {
            DemoTables tables = DemoTables.open(client);
            String skeleton = tables.descriptions().get("paypal").skeleton();
            assertThat(tables.lookalikes().get(skeleton))
                    .isEqualTo(new LookalikeGroup(List.of("paypal", "p\u0430ypal"), List.of("Cyrillic", "Latin")));
        }
    }

    @Test
    void interruptedRunLeavesNoReplicaAndIsResumed() throws Exception {
        String uri = "sqlite:" + folder.resolve("resumed.db");
        String[] options = {"--records", "3000", "--store", uri, "--json"};
        try (DemoProcess demo = DemoProcess.start(folder, options)) {
            await().atMost(SOON).until(() -> demo.err().contains("r4 takes its place"));
            List<ProcessHandle> replicas = demo.replicas();
            assertThat(replicas).isNotEmpty();
            new ProcessBuilder("kill", "-INT", String.valueOf(demo.process().pid())).start();
            assertThat(demo.await()).isEqualTo(130);
            assertThat(replicas).noneMatch(ProcessHandle::isAlive);
            assertThat(demo.err()).doesNotContain("unexpectedly", "\tat ");
            assertThat(demo.leftBehind()).isEmpty();
        }
        try (DemoProcess demo = DemoProcess.start(folder, "--records", "3000", "--store", uri, "--json", "--resume")) {
            assertThat(demo.await()).as("%s", demo).isZero();
            assertThat(summary(demo).get("results").asInt()).isEqualTo(3000);
        }
        try (DemoProcess demo = DemoProcess.start(folder, "--records", "3000", "--store", uri, "--json", "--resume")) {
            assertThat(demo.await()).as("nothing is left to do: %s", demo).isZero();
            assertThat(summary(demo).get("takeoverMillis").isNull()).isTrue();
        }
    }

    @Test
    void interruptionWhileTheStoreIsMadeLeavesNoFolder() throws Exception {
        try (DemoProcess demo = DemoProcess.start(folder, "--records", "300")) {
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> demo.leftBehind().stream().anyMatch(name -> name.startsWith("corestack-demo-")));
            new ProcessBuilder("kill", "-INT", String.valueOf(demo.process().pid())).start();
            assertThat(demo.await()).isEqualTo(130);
            assertThat(demo.leftBehind()).noneMatch(name -> name.startsWith("corestack-demo-"));
            assertThat(demo.err()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"records: ", "killed r1 "})
    void replicasEndAndClearAwayWhenTheDemoIsKilled(String moment) throws Exception {
        try (DemoProcess demo = DemoProcess.start(folder, "--records", "10000")) {
            await().atMost(SOON)
                    .until(() -> demo.out().contains(moment) && demo.replicas().size() == 3);
            List<ProcessHandle> replicas = demo.replicas();
            demo.process().destroyForcibly();
            await().atMost(SOON).until(() -> replicas.stream().noneMatch(ProcessHandle::isAlive));
            assertThat(demo.leftBehind()).noneMatch(name -> name.startsWith("corestack-demo-"));
        }
    }

    @Test
    void replicaThatDiesByItselfFailsTheRun() throws Exception {
        try (DemoProcess demo = DemoProcess.start(folder, "--records", "10000")) {
            await().atMost(SOON).until(() -> demo.replicas().size() == 3);
            List<ProcessHandle> replicas = demo.replicas();
            replicas.get(1).destroyForcibly();
            assertThat(demo.await()).as("%s", demo).isEqualTo(1);
            assertThat(demo.err().lines())
                    .anySatisfy(line -> assertThat(line)
                            .matches("corestack: the replica r\\d ended unexpectedly with exit code 137"));
            assertThat(replicas).noneMatch(ProcessHandle::isAlive);
        }
    }

    @Test
    void storeThatIsDeletedFailsTheRunInAFewLines() throws Exception {
        Path store = folder.resolve("gone.db");
        try (DemoProcess demo = DemoProcess.start(folder, "--records", "10000", "--store", "sqlite:" + store)) {
            await().atMost(SOON).until(() -> demo.out().contains("killed r1 "));
            Files.delete(store);
            assertThat(demo.await()).isEqualTo(1);
            assertThat(demo.err()).contains("was deleted or replaced").doesNotContain("\tat ");
            // What the run ends with, and one warning of each process's feed.
            assertThat(demo.err().lines())
                    .hasSizeLessThan(12)
                    .allMatch(line -> line.matches("(r\\d: )?(corestack: |[0-9:.]+ WARN org.corestack.store).*"));
        }
    }

    private static JsonNode summary(DemoProcess demo) {
        List<String> lines = demo.out().lines().toList();
        assertThat(lines).as("%s", demo).isNotEmpty();
        return JsonMapper.shared().readTree(lines.get(lines.size() - 1));
    }
}
