package org.corestack.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.EngineConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresErrorsTest {
    @ParameterizedTest
    @CsvSource({
        "08006, UNAVAILABLE, connection was lost",
        "08001, UNAVAILABLE, connection was lost",
        "57P01, UNAVAILABLE, shut down",
        "57P02, UNAVAILABLE, shut down",
        "57P03, UNAVAILABLE, starting",
        "57014, UNAVAILABLE, cancelled",
        "58030, UNAVAILABLE, native",
        "53100, RESOURCE_EXHAUSTED, disk is full",
        "53200, RESOURCE_EXHAUSTED, memory",
        "53300, RESOURCE_EXHAUSTED, no more connections",
        "28P01, UNAUTHORIZED, password",
        "28000, UNAUTHORIZED, native",
        "42501, FORBIDDEN, privilege",
        "25006, FORBIDDEN, read-only",
        "3D000, NOT_FOUND, no such database",
        "40001, CONFLICT, another transaction",
        "40P01, CONFLICT, another transaction",
        "55P03, DEADLINE_EXCEEDED, native",
        "54000, INVALID_ARGUMENT, native",
        "0A000, UNSUPPORTED, native",
        "XX001, DATA_LOSS, native",
        "22003, UNKNOWN, native"
    })
    void everyClassHasItsCode(String state, ErrorCode code, String words) {
        SQLException native_ = new SQLException("native", state);
        CoreException error = PostgresErrors.translate(native_, "a test");
        assertThat(error.code()).isEqualTo(code);
        assertThat(error)
                .hasMessageStartingWith("a test failed: ")
                .hasMessageContaining(words)
                .hasCause(native_);
    }

    @Test
    void silenceIsATimeout() {
        SQLException silence = new SQLException("I/O", "08006", new SocketTimeoutException("Read timed out"));
        assertThat(PostgresErrors.translate(silence, "a test").code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    }

    private static CoreException opening(String uri) {
        Throwable error = catchThrowable(() -> new PostgresEngineProvider()
                .open(new EngineConfig(uri, "test", Duration.ofSeconds(5), Duration.ofHours(1))));
        assertThat(error).isInstanceOf(CoreException.class);
        assertThat(error.toString()).doesNotContain("hunter2");
        return (CoreException) error;
    }

    @Test
    void aDatabaseThatIsNotThereIsNamed() {
        CoreException error = opening(Server.uri("nowhere"));
        assertThat(error.code()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(error).hasMessageContaining("/nowhere").hasMessageContaining("no such database");
    }

    @Test
    void aPortAtWhichNothingListensIsUnavailable() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        CoreException error = opening("postgres://u:hunter2@127.0.0.1:" + free + "/d");
        assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(error).hasMessageContaining("nothing listens");
    }

    @Test
    void aHostThatIsNotKnownIsUnavailable() {
        CoreException error = opening("postgres://u:hunter2@no-such-host.invalid/d");
        assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(error).hasMessageContaining("no-such-host.invalid").hasMessageContaining("not known");
    }

    @Test
    void aWrongPasswordIsUnauthorized() throws IOException {
        Path rules = Path.of(Server.query("postgres", "SHOW hba_file"));
        String before = Files.readString(rules);
        Files.writeString(rules, "host all locked 127.0.0.1/32 scram-sha-256\n" + before);
        try {
            Server.run("postgres", "CREATE ROLE locked LOGIN PASSWORD 'right'", "SELECT pg_reload_conf()");
            String host = "@127.0.0.1:" + Server.port() + "/postgres";
            CoreException error = opening("postgres://locked:hunter2" + host);
            assertThat(error.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
            assertThat(error).hasMessageContaining("user or the password");
        } finally {
            Files.writeString(rules, before);
            Server.run("postgres", "SELECT pg_reload_conf()", "DROP ROLE locked");
        }
    }

    @Test
    void aUserWithoutPrivilegesIsForbidden() {
        String database = Server.freshDatabase();
        Server.run("postgres", "CREATE ROLE poor LOGIN");
        try (PostgresEngine engine = Engines.open("postgres://poor@127.0.0.1:" + Server.port() + "/" + database)) {
            Throwable error = catchThrowable(() -> Engines.put(Engines.c(engine), "k", 1));
            assertThat(Engines.codeOf(error)).as("%s", error).isEqualTo(ErrorCode.FORBIDDEN);
            assertThat(Engines.now(Engines.c(engine))).isNotNull(); // what a feed needs, everybody may
        } finally {
            Server.run("postgres", "DROP ROLE poor");
        }
    }

    @Test
    void aReadOnlyDatabaseIsForbidden() {
        String database = Server.freshDatabase();
        Server.run("postgres", "ALTER DATABASE " + database + " SET default_transaction_read_only = on");
        try (PostgresEngine engine = Engines.open(Server.uri(database))) {
            Throwable error = catchThrowable(() -> Engines.put(Engines.c(engine), "k", 1));
            assertThat(Engines.codeOf(error)).as("%s", error).isEqualTo(ErrorCode.FORBIDDEN);
        }
    }

    @Test
    void aDatabaseInAnotherEncodingIsUnsupported() {
        Server.run(
                "postgres", "CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
        CoreException error = opening(Server.uri("latin"));
        assertThat(error.code()).isEqualTo(ErrorCode.UNSUPPORTED);
        assertThat(error).hasMessageContaining("LATIN1");
    }
}
