package org.corestack.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;

/** Asserts that what is wrong is said. */
final class Refusals {
    private Refusals() {}

    static void assertInvalid(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOfSatisfying(CoreException.class, error -> {
            assertThat(error.code()).as(error.getMessage()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            for (String part : parts) {
                assertThat(error.getMessage()).contains(part);
            }
        });
    }
}
