package org.corestack.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.corestack.postgresql.Engines.LONG;
import static org.corestack.postgresql.Engines.c;
import static org.corestack.postgresql.Engines.codeOf;
import static org.corestack.postgresql.Engines.keys;
import static org.corestack.postgresql.Engines.now;
import static org.corestack.postgresql.Engines.put;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.Resync.Reason;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.ChangeReader.Lost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers of a test's own: stopped, copied, promoted. */
class StandbyTest {
    @TempDir
    Path folder;

    private EmbeddedPostgres start(Path data) throws IOException {
        return Server.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .start();
    }

    /** The standby has no primary to follow, and needs none to show what a standby does. */
    private Path standbyOf(Path data) throws IOException {
        Path copy = folder.resolve("standby");
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, copy.resolve(data.relativize(file)), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        Files.deleteIfExists(copy.resolve("postmaster.pid"));
        Files.createFile(copy.resolve("standby.signal"));
        return copy;
    }

    @Test
    void aStandbyIsRefusedAndAPromotedOneHasAnotherHistory() throws Exception {
        Path data = folder.resolve("primary");
        Position old;
        try (EmbeddedPostgres primary = start(data);
                PostgresEngine engine = Engines.open(Server.uri("postgres", primary.getPort()))) {
            old = put(c(engine), "before", 1).position();
        }
        try (EmbeddedPostgres standby = start(standbyOf(data));
                PostgresEngine engine = Engines.open(Server.uri("postgres", standby.getPort()))) {
            assertThat(c(engine).find(Key.of("before"), Engines.soon())).isPresent();
            assertThat(codeOf(catchThrowable(() -> now(c(engine))))).isEqualTo(ErrorCode.UNSUPPORTED);
            ChangeReader reader = c(engine).changes().open(old);
            assertThat(codeOf(catchThrowable(() -> reader.next(Engines.C, LONG))))
                    .isEqualTo(ErrorCode.UNSUPPORTED);
            assertThat(codeOf(catchThrowable(() -> put(c(engine), "k", 1))))
                    .isIn(ErrorCode.UNSUPPORTED, ErrorCode.FORBIDDEN);
            Server.run(standby.getPort(), "postgres", "SELECT pg_promote()");
            await().ignoreExceptions().until(() -> put(c(engine), "after", 1) != null);
            assertThat(reader.next(Engines.C, LONG))
                    .isInstanceOfSatisfying(
                            Lost.class,
                            lost -> assertThat(lost.resync().reason()).isEqualTo(Reason.OTHER_HISTORY));
            assertThat(c(engine).changes().covers(now(c(engine)), old)).isFalse();
        }
    }

    @Test
    void aServerThatIsStartedAgainIsWrittenAndHeardAgain() throws Exception {
        Path data = folder.resolve("again");
        int port;
        PostgresEngine engine;
        ChangeReader reader;
        try (EmbeddedPostgres first = start(data)) {
            port = first.getPort();
            engine = Engines.open(Server.uri("postgres", port));
            put(c(engine), "k", 0);
            reader = c(engine).changes().open(now(c(engine)));
            put(c(engine), "k", 1);
        }
        Throwable down = catchThrowable(() -> put(c(engine), "k", 2));
        assertThat(codeOf(down)).as("%s", down).isEqualTo(ErrorCode.UNAVAILABLE);
        try (EmbeddedPostgres again = Server.builder()
                        .setPort(port)
                        .setDataDirectory(data)
                        .setCleanDataDirectory(false)
                        .start();
                engine;
                reader) {
            assertThat(again.getPort()).isEqualTo(port);
            await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> put(c(engine), "k", 3) != null);
            assertThat(keys(reader)).isEqualTo(List.of("k", "k"));
            assertThat(c(engine)
                            .find(Key.of("k"), Engines.soon())
                            .flatMap(found ->
                                    Optional.ofNullable(found.document().get("v"))))
                    .contains(3);
        }
    }
}
