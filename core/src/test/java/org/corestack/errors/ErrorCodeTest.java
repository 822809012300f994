package org.corestack.errors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorCodeTest {
    /** The numbers are stored and sent by others: the first six are the Go library's, none may ever change. */
    @Test
    void numbersAreFixed() {
        Map<Integer, String> numbers = Arrays.stream(ErrorCode.values())
                .collect(Collectors.toMap(ErrorCode::number, ErrorCode::name, (a, b) -> a + " and " + b, TreeMap::new));
        assertThat(numbers)
                .isEqualTo(Map.ofEntries(
                        Map.entry(0, "UNKNOWN"),
                        Map.entry(1, "NOT_FOUND"),
                        Map.entry(2, "ALREADY_EXISTS"),
                        Map.entry(3, "INVALID_ARGUMENT"),
                        Map.entry(4, "UNAUTHORIZED"),
                        Map.entry(5, "FORBIDDEN"),
                        Map.entry(6, "CANCELED"),
                        Map.entry(7, "DEADLINE_EXCEEDED"),
                        Map.entry(8, "UNAVAILABLE"),
                        Map.entry(9, "CONFLICT"),
                        Map.entry(10, "UNSUPPORTED"),
                        Map.entry(11, "FAILED_PRECONDITION"),
                        Map.entry(12, "RESOURCE_EXHAUSTED"),
                        Map.entry(13, "DATA_LOSS")));
    }

    @ParameterizedTest
    @EnumSource
    void numberLeadsBackToItsCode(ErrorCode code) {
        assertThat(ErrorCode.ofNumber(code.number())).isSameAs(code);
    }

    @ParameterizedTest
    @CsvSource({"-1", "14", "2147483647", "-2147483648"})
    void numberOfANewerPeerIsUnknown(int number) {
        assertThat(ErrorCode.ofNumber(number)).isSameAs(ErrorCode.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "UNKNOWN,             2,  UNKNOWN,             500",
        "NOT_FOUND,           5,  NOT_FOUND,           404",
        "ALREADY_EXISTS,      6,  ALREADY_EXISTS,      409",
        "INVALID_ARGUMENT,    3,  INVALID_ARGUMENT,    400",
        "UNAUTHORIZED,        16, UNAUTHENTICATED,     401",
        "FORBIDDEN,           7,  PERMISSION_DENIED,   403",
        "CANCELED,            1,  CANCELLED,           499",
        "DEADLINE_EXCEEDED,   4,  DEADLINE_EXCEEDED,   504",
        "UNAVAILABLE,         14, UNAVAILABLE,         503",
        "CONFLICT,            10, ABORTED,             409",
        "UNSUPPORTED,         12, UNIMPLEMENTED,       501",
        "FAILED_PRECONDITION, 9,  FAILED_PRECONDITION, 400",
        "RESOURCE_EXHAUSTED,  8,  RESOURCE_EXHAUSTED,  429",
        "DATA_LOSS,           15, DATA_LOSS,           500"
    })
    void codeKnowsItsStatusElsewhere(ErrorCode code, int grpcNumber, String grpcStatus, int httpStatus) {
        assertThat(code.grpcNumber()).isEqualTo(grpcNumber);
        assertThat(code.grpcStatus()).isEqualTo(grpcStatus);
        assertThat(code.httpStatus()).isEqualTo(httpStatus);
    }

    @Test
    void retryHelpsWhereTimeMends() {
        Set<ErrorCode> retryable =
                Arrays.stream(ErrorCode.values()).filter(ErrorCode::retryable).collect(Collectors.toSet());
        assertThat(retryable)
                .containsExactlyInAnyOrder(
                        ErrorCode.DEADLINE_EXCEEDED,
                        ErrorCode.UNAVAILABLE,
                        ErrorCode.CONFLICT,
                        ErrorCode.RESOURCE_EXHAUSTED);
    }

    @Test
    void wrappedErrorKeepsItsCode() {
        CoreException inner = CoreException.notFound("the key 7 of orders is not there");
        assertThat(ErrorCode.of(inner)).isSameAs(ErrorCode.NOT_FOUND);
        assertThat(ErrorCode.of(new ExecutionException(new CompletionException(new IOException(inner)))))
                .isSameAs(ErrorCode.NOT_FOUND);
    }

    @Test
    void wrapperReplacesTheCode() {
        CoreException outer =
                new CoreException(ErrorCode.CONFLICT, "the order changed", CoreException.notFound("no order"));
        assertThat(ErrorCode.of(new RuntimeException(outer))).isSameAs(ErrorCode.CONFLICT);
    }

    @Test
    void wrapperThatKnowsNothingHidesNothing() {
        CoreException outer = new CoreException(ErrorCode.UNKNOWN, "the step failed", new TimeoutException());
        assertThat(ErrorCode.of(outer)).isSameAs(ErrorCode.DEADLINE_EXCEEDED);
    }

    @ParameterizedTest
    @MethodSource
    void signsOfTheJdkAreUnderstood(Throwable error, ErrorCode code) {
        assertThat(ErrorCode.of(error)).isSameAs(code);
        assertThat(ErrorCode.of(new RuntimeException("wrapped", error))).isSameAs(code);
    }

    static Stream<Arguments> signsOfTheJdkAreUnderstood() {
        return Stream.of(
                Arguments.of(new InterruptedException(), ErrorCode.CANCELED),
                Arguments.of(new CancellationException(), ErrorCode.CANCELED),
                Arguments.of(new InterruptedIOException(), ErrorCode.CANCELED),
                Arguments.of(new ClosedByInterruptException(), ErrorCode.CANCELED),
                Arguments.of(new TimeoutException(), ErrorCode.DEADLINE_EXCEEDED),
                Arguments.of(new SocketTimeoutException(), ErrorCode.DEADLINE_EXCEEDED),
                Arguments.of(new IllegalArgumentException(), ErrorCode.UNKNOWN),
                Arguments.of(new UnsupportedOperationException(), ErrorCode.UNKNOWN),
                Arguments.of(new IOException(), ErrorCode.UNKNOWN),
                Arguments.of(new OutOfMemoryError(), ErrorCode.UNKNOWN));
    }

    @Test
    void chainThatRunsInACircleEnds() {
        Exception first = new Exception("first");
        Exception second = new Exception("second", first);
        Exception entry = new Exception("entry", second);
        first.initCause(second);
        assertThat(ErrorCode.of(entry)).isSameAs(ErrorCode.UNKNOWN);
    }

    @Test
    void codeIsFoundAtTheEndOfALongChain() {
        Throwable error = CoreException.unsupported("too new");
        for (int i = 0; i < 10_000; i++) {
            error = new RuntimeException(error);
        }
        assertThat(ErrorCode.of(error)).isSameAs(ErrorCode.UNSUPPORTED);
    }

    @Test
    void errorsWithOneEqualsAreNotACircle() {
        Throwable error = new AllEqual(new AllEqual(CoreException.notFound("nothing")));
        assertThat(ErrorCode.of(error)).isSameAs(ErrorCode.NOT_FOUND);
    }

    @Test
    void suppressedErrorsDoNotCount() {
        Exception error = new Exception("first");
        error.addSuppressed(CoreException.notFound("while closing"));
        assertThat(ErrorCode.of(error)).isSameAs(ErrorCode.UNKNOWN);
    }

    @Test
    void nullIsNoError() {
        assertThatNullPointerException().isThrownBy(() -> ErrorCode.of(null)).withMessage("error");
    }

    /** Says of every other of its kind that it is the same, as some do. */
    @SuppressWarnings("ThrowableEqualsHashCode")
    private static final class AllEqual extends RuntimeException {
        private static final long serialVersionUID = 1L;

        AllEqual(Throwable cause) {
            super(cause);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof AllEqual;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }
}
