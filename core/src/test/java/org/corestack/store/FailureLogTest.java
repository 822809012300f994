package org.corestack.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** What is logged of a database that is away for long. */
class FailureLogTest {
    private final CoreException away = new CoreException(ErrorCode.UNAVAILABLE, "the database is away");

    private final Lines lines = new Lines();
    private final FailureLog log = new FailureLog(lines, () -> "the feed of a test");

    /** Keeps what an operator would see. */
    private static final class Lines extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1L;
        private final transient List<String> said = new ArrayList<>();
        private final transient List<Throwable> stacks = new ArrayList<>();

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return false;
        }

        @Override
        public boolean isInfoEnabled() {
            return true;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }

        @Override
        protected String getFullyQualifiedCallerName() {
            return "none";
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level, Marker marker, String pattern, Object[] arguments, Throwable throwable) {
            said.add(level + " " + MessageFormatter.basicArrayFormat(pattern, arguments));
            if (throwable != null) {
                stacks.add(throwable);
            }
        }
    }

    /** A store that was deleted filled the log: each reader, each try, each with its stack. */
    @Test
    void aFailureThatLastsIsOneLine() {
        for (int i = 0; i < 100; i++) {
            log.failed(away);
        }
        log.succeeded();
        log.succeeded();
        assertThat(lines.said)
                .containsExactly(
                        "WARN the feed of a test can't be read; it is retried: the database is away",
                        "INFO the feed of a test is read again");
        assertThat(lines.stacks).isEmpty();
    }

    @Test
    void anotherFailureIsNewsOnce() {
        for (int i = 0; i < 100; i++) {
            log.failed(away);
            log.failed(new CoreException(ErrorCode.DATA_LOSS, "the log is damaged"));
            log.failed(new CoreException(ErrorCode.DATA_LOSS, "the file was deleted"));
        }
        assertThat(lines.said).hasSize(3).last().asString().endsWith("the file was deleted");
    }

    @Test
    void messagesThatDifferEachTimeAreNotSaidForEver() {
        for (int i = 0; i < 100; i++) {
            log.failed(new CoreException(ErrorCode.DEADLINE_EXCEEDED, "no answer within " + i + " ms"));
        }
        assertThat(lines.said).hasSizeLessThan(20);
    }

    @Test
    void theSameFailureAfterASuccessIsNews() {
        log.failed(away);
        log.succeeded();
        log.failed(away);
        assertThat(lines.said).hasSize(3);
    }

    /** Where the code is at fault its place matters. */
    @Test
    void aFailureOfTheCodeComesWithItsStack() {
        IllegalStateException bug = new IllegalStateException("a bug");
        CoreException internal = new CoreException(ErrorCode.UNKNOWN, "a bug", bug);
        log.failed(bug);
        log.failed(internal);
        assertThat(lines.stacks).containsExactly(bug, internal);
    }
}
