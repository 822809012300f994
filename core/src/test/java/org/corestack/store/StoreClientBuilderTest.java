package org.corestack.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.EngineAddress;
import org.corestack.store.spi.EngineConfig;
import org.junit.jupiter.api.Test;

class StoreClientBuilderTest {
    private static StoreClientBuilder builder() {
        return StoreClient.builder("memory");
    }

    /** What the engine was opened with; the engine of these tests puts all parts into its URI. */
    private static String uri(StoreClientBuilder builder) {
        try (StoreClient client = builder.open()) {
            return client.unwrap(MemoryEngine.class).config().uri();
        }
    }

    private static void assertInvalid(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOfSatisfying(CoreException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(e.getMessage()).contains(parts).doesNotContain("s3cret");
        });
    }

    @Test
    void allPartsReachTheEngineInOrder() {
        StoreClientBuilder builder = builder()
                .host("db-1.example")
                .host("db-2:27017")
                .host("[::1]:5432")
                .host("127.0.0.1")
                .credentials("ann", "p@ss/word:1")
                .database("shop")
                .tls();
        for (String name : List.of("z", "y", "x", "w", "v", "u", "a")) {
            builder.parameter(name, "1");
        }
        assertThat(uri(builder))
                .isEqualTo("memory:[db-1.example, db-2:27017, [::1]:5432, 127.0.0.1]ann:p@ss/word:1/shop"
                        + "?{z=1, y=1, x=1, w=1, v=1, u=1, a=1}&tls=true");
        assertThat(uri(builder())).isEqualTo("memory:[]null:null/null?{}&tls=false");
        assertThat(uri(StoreClient.builder("MEMORY"))).startsWith("memory:");
    }

    @Test
    void optionsHold() {
        ClientOptions options = ClientOptions.ofDefaults().withSource("me").withTimeout(Duration.ofSeconds(3));
        try (StoreClient client = builder().options(options).open()) {
            EngineConfig config = client.unwrap(MemoryEngine.class).config();
            assertThat(client.source()).isEqualTo("me");
            assertThat(config.source()).isEqualTo("me");
            assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(3));
        }
    }

    @Test
    void theEnvironmentGoesFirst() {
        StoreClientBuilder builder =
                builder().host("old").credentials("old", "old").database("old").tls();
        assertThat(uri(builder.environment(Map.of()))).isEqualTo("memory:[old]old:old/old?{}&tls=true");
        assertThat(uri(builder.environment(Map.of(
                        "CORESTACK_STORE_HOST", "db-1, db-2:1",
                        "CORESTACK_STORE_USER", "ann",
                        "CORESTACK_STORE_PASSWORD", "s3cret",
                        "CORESTACK_STORE_DATABASE", "shop",
                        "CORESTACK_STORE_TLS", "false",
                        "PATH", "/bin"))))
                .isEqualTo("memory:[db-1, db-2:1]ann:s3cret/shop?{}&tls=false");
    }

    @Test
    void aWrongVariableIsNamed() {
        Map<String, String> right = Map.of("CORESTACK_STORE_USER", "ann", "CORESTACK_STORE_PASSWORD", "s3cret");
        for (String name : right.keySet()) {
            assertInvalid(
                    () -> builder().environment(Map.of(name, "s3cret")),
                    "CORESTACK_STORE_USER and CORESTACK_STORE_PASSWORD",
                    "both or none");
        }
        for (String name : List.of(
                "CORESTACK_STORE_HOST",
                "CORESTACK_STORE_USER",
                "CORESTACK_STORE_PASSWORD",
                "CORESTACK_STORE_DATABASE",
                "CORESTACK_STORE_TLS")) {
            assertInvalid(() -> builder().environment(Map.of(name, "")), name + " is empty");
        }
        assertInvalid(
                () -> builder().environment(Map.of("CORESTACK_STORE_HOST", "a,,b")), "'' in CORESTACK_STORE_HOST");
        assertInvalid(
                () -> builder().environment(Map.of("CORESTACK_STORE_TLS", "yes")),
                "CORESTACK_STORE_TLS is 'yes'",
                "true or false");
    }

    @Test
    void whatIsNoHostIsRefused() {
        for (String host : List.of(
                "", "a b", "a,b", "a/b", "a@b", "a:", "a:x", "a:0", "a:65536", "a:123456", "::1", "[x]", "a?b", "ä")) {
            assertInvalid(() -> builder().host(host), "'" + host + "' is not a host", "with a port behind a colon");
        }
        assertThat(uri(builder().host("a:65535").host("[fe80::1]"))).startsWith("memory:[a:65535, [fe80::1]]");
    }

    @Test
    @SuppressWarnings("NullAway") // what a caller without annotations can do
    void nullsAndUnknownSchemesAreRefused() {
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> StoreClient.builder(null),
                () -> builder().host(null),
                () -> builder().credentials(null, "s3cret"),
                () -> builder().credentials("ann", null),
                () -> builder().database(null),
                () -> builder().parameter(null, "1"),
                () -> builder().parameter("a", null),
                () -> builder().options(null),
                () -> builder().environment(null),
                () -> StoreClient.on(null, ClientOptions.ofDefaults()),
                () -> StoreClient.on(new MemoryEngine.Handle(), null))) {
            assertInvalid(call, "null");
        }
        assertInvalid(
                () -> StoreClient.builder("nosql").credentials("ann", "s3cret").open(),
                "no engine serves the scheme 'nosql'",
                "memory");
    }

    @Test
    void secretsAreNotTold() {
        EngineAddress address = new EngineAddress(
                "memory", List.of("h"), "ann", "s3cret", true, "shop", Map.of("sslpassword", "s3cret"));
        assertThat(address.toString())
                .contains("ann", "<hidden>", "sslpassword")
                .doesNotContain("s3cret");
        assertThat(builder()
                        .credentials("ann", "s3cret")
                        .parameter("p", "s3cret")
                        .toString())
                .contains("ann")
                .doesNotContain("s3cret");
        try (StoreClient client = builder().credentials("ann", "s3cret").open()) {
            assertThat(client.unwrap(MemoryEngine.class).config().toString()).doesNotContain("s3cret");
        }
    }

    @Test
    void aClientIsOpenedOnTheUsersOwnDriver() {
        ClientOptions options = ClientOptions.ofDefaults().withSource("me");
        try (StoreClient client = StoreClient.on(new MemoryEngine.Handle(), options)) {
            assertThat(client.unwrap(MemoryEngine.class).config().uri()).isEmpty();
            assertThat(client.source()).isEqualTo("me");
        }
        assertInvalid(() -> StoreClient.on("no driver", options), "can use a java.lang.String");
    }
}
