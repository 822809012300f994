package org.corestack.errors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class CoreExceptionTest {
    @Test
    void codeMessageAndCauseAreKept() {
        SQLException cause = new SQLException("busy");
        CoreException error = new CoreException(ErrorCode.UNAVAILABLE, "the write of o-1 to orders failed", cause);
        assertThat(error.code()).isSameAs(ErrorCode.UNAVAILABLE);
        assertThat(error).hasMessage("the write of o-1 to orders failed").hasCause(cause);
    }

    @Test
    void textBeginsWithTheCode() {
        assertThat(CoreException.notFound("the key 7 of orders is not there"))
                .hasToString("org.corestack.errors.CoreException: NOT_FOUND: the key 7 of orders is not there");
    }

    @Test
    void factoriesHaveTheirCodes() {
        assertThat(CoreException.invalidArgument("m").code()).isSameAs(ErrorCode.INVALID_ARGUMENT);
        assertThat(CoreException.notFound("m").code()).isSameAs(ErrorCode.NOT_FOUND);
        assertThat(CoreException.unsupported("m").code()).isSameAs(ErrorCode.UNSUPPORTED);
        assertThat(CoreException.failedPrecondition("m").code()).isSameAs(ErrorCode.FAILED_PRECONDITION);
    }

    @Test
    void interruptIsCanceledAndStaysVisible() {
        CoreException error = CoreException.interrupted("the wait for a lock ended", new InterruptedException());
        assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
        assertThat(error.code()).isSameAs(ErrorCode.CANCELED);
        assertThat(error).hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void wrapKeepsTheCodeOfWhatIsInside() {
        ExecutionException cause = new ExecutionException(CoreException.notFound("gone"));
        CoreException error = CoreException.wrap("the reconcile of o-1 failed", cause);
        assertThat(error.code()).isSameAs(ErrorCode.NOT_FOUND);
        assertThat(error).hasMessage("the reconcile of o-1 failed").hasCause(cause);
    }

    @Test
    void whetherTheOutcomeIsKnownIsKept() {
        CoreException lost = CoreException.ofUnknownOutcome(ErrorCode.UNAVAILABLE, "the insert of o-1 failed", null);
        assertThat(lost.outcomeUnknown()).isTrue();
        assertThat(lost.code()).isSameAs(ErrorCode.UNAVAILABLE);
        assertThat(lost).hasMessage("the insert of o-1 failed; whether the write took place is not known");
        assertThat(CoreException.wrap("the import failed", lost).outcomeUnknown())
                .isTrue();
        assertThat(CoreException.notFound("gone").outcomeUnknown()).isFalse();
        assertThat(CoreException.wrap("the import failed", CoreException.notFound("gone"))
                        .outcomeUnknown())
                .isFalse();
    }

    @Test
    void codeAndMessageAreRequired() {
        assertThatNullPointerException()
                .isThrownBy(() -> new CoreException(null, "m"))
                .withMessage("code");
        assertThatNullPointerException()
                .isThrownBy(() -> new CoreException(ErrorCode.UNKNOWN, null))
                .withMessage("message");
    }

    @Test
    void survivesSerialization() throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(CoreException.notFound("gone"));
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isInstanceOfSatisfying(CoreException.class, error -> {
                assertThat(error.code()).isSameAs(ErrorCode.NOT_FOUND);
                assertThat(error).hasMessage("gone");
            });
        }
    }
}
