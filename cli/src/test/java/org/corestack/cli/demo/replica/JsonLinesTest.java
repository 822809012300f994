package org.corestack.cli.demo.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.corestack.errors.CoreException;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
    @Test
    void settingsAndReportsComeBackAsTheyWere() {
        ReplicaSettings settings =
                new ReplicaSettings("r1", "sqlite:a\"b\n.db", "/tmp/x", 7, Fault.WRITE_TWICE, "\uD83D\uDE00\u2028");
        assertThat(JsonLines.write(settings)).doesNotContain("\n");
        assertThat(JsonLines.read(JsonLines.write(settings), ReplicaSettings.class))
                .isEqualTo(settings);
        ReplicaReport report = new ReplicaReport(ReplicaReport.State.WORKING, 3, true);
        assertThat(JsonLines.read(JsonLines.write(report), ReplicaReport.class)).isEqualTo(report);
    }

    @Test
    void anythingElseIsRefused() {
        assertThatThrownBy(() -> JsonLines.read("Picked up _JAVA_OPTIONS", ReplicaReport.class))
                .isInstanceOf(CoreException.class)
                .hasMessageStartingWith("not a line of ReplicaReport");
    }
}
