package org.corestack.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The demo over a PostgreSQL server. */
class DemoPostgresTest {
    @TempDir
    private Path folder;

    @Test
    void smallRunHoldsAndItsTablesAreNotOverwritten() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder().start()) {
            String uri = "postgresql://postgres@127.0.0.1:" + server.getPort() + "/postgres";
            String[] arguments = {"--records", "300", "--replicas", "2", "--store", uri, "--json"};
            try (DemoProcess demo = DemoProcess.start(folder, arguments)) {
                assertThat(demo.await()).as("%s", demo).isZero();
                JsonNode summary = JsonMapper.shared().readTree(demo.out());
                assertThat(summary.get("results").asInt()).isEqualTo(300);
                assertThat(summary.get("lost").asInt()).isZero();
                assertThat(summary.get("duplicates").asInt()).isZero();
            }
            try (DemoProcess again = DemoProcess.start(folder, arguments)) {
                assertThat(again.await()).as("%s", again).isEqualTo(2);
                assertThat(again.err()).contains("--resume");
            }
        }
    }
}
