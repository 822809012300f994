package org.corestack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.Callable;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

class MainTest {
    @Test
    void helpIsForStandardOutput() {
        Run run = Run.of("--help");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Usage: corestack", "generate-completion", "2   wrong use");
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "demo --version", "mail --version", "mail send --version"})
    void versionNamesTheJdkToo(String words) {
        Run run = Run.of(words.split(" "));
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).matches("corestack \\d+\\.\\d+\\.\\d+\\S*\\Ron .+\\R");
    }

    @Test
    void completionIsAScript() {
        Run run = Run.of("generate-completion");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("complete -F _complete_corestack");
    }

    @Test
    void noCommandIsWrongUse() {
        assertWrongUse(Run.of(), "Missing required subcommand; see 'corestack --help'");
    }

    @Test
    void unknownOptionNamesTheLikelyOne() {
        assertWrongUse(Run.of("--versoin"), "Unknown option: '--versoin'; did you mean --version?");
    }

    @Test
    void unknownCommandIsWrongUse() {
        assertWrongUse(Run.of("dance"), "Unmatched argument at index 0: 'dance'");
        assertWrongUse(Run.of("help", "dance"), "Unknown subcommand 'dance'; see");
    }

    @Test
    void nameThatIsNoFileIsWrongUse() {
        assertWrongUse(
                Run.of("demo", "--input", "a\0.csv", "--key", "k"),
                "Invalid value for option '--input': 'a\0.csv' names no file of this system: Nul character not allowed");
        assertWrongUse(Run.of("demo", "--input", "", "--key", "k"), "the name is empty");
    }

    @Test
    void argumentWithAtSignIsNotAFileOfArguments() {
        assertWrongUse(Run.of("@none"), "'@none'");
    }

    @ParameterizedTest
    @EnumSource
    void codesThatTheUserCanMendAreWrongUse(ErrorCode code) {
        Run run = Run.with(
                Map.of(), new Failing(new CoreException(code, "the key is\nwrong", new RuntimeException("x"))), "test");
        assertThat(run.err()).isEqualToIgnoringNewLines("corestack: the key is wrong");
        switch (code) {
            case INVALID_ARGUMENT, UNSUPPORTED, FAILED_PRECONDITION ->
                assertThat(run.exitCode()).isEqualTo(2);
            default -> assertThat(run.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void unexpectedErrorIsOneLineAndFailure() {
        Run run = Run.with(Map.of(), new Failing(new IllegalStateException("broken")), "test");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines())
                .containsExactly("corestack: unexpected java.lang.IllegalStateException: broken;"
                        + " CORESTACK_DEBUG=1 shows where");
    }

    @Test
    void stackTraceIsThereForWhoAsks() {
        Run run = Run.with(Map.of("CORESTACK_DEBUG", "1"), new Failing(new IllegalStateException("broken")), "test");
        assertThat(run.err()).contains("\tat " + MainTest.class.getName());
    }

    @Test
    void passwordIsNotRepeatedInAComplaint() {
        Run run = Run.of("dance", "postgresql://anna:s3cr3t@db.example/shop", "mongodb://h/d?password=s3cr3t");
        assertThat(run.err())
                .contains("postgresql://anna:<hidden>@db.example/shop", "password=<hidden>")
                .doesNotContain("s3cr3t");
    }

    private static void assertWrongUse(Run run, String complaint) {
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("corestack: ")
                .contains(complaint);
    }

    @Command(name = "test")
    private static final class Failing implements Callable<Integer> {
        private final Exception error;

        Failing(Exception error) {
            this.error = error;
        }

        @Override
        public Integer call() throws Exception {
            throw error;
        }
    }
}
