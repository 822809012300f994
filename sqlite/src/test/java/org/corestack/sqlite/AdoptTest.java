package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Write;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineAddress;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.EngineConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** An engine on the user's own data source, or on the parts of an address. */
class AdoptTest {
    private static final EngineConfig CONFIG =
            new EngineConfig("", "test", Duration.ofSeconds(10), Duration.ofHours(24));

    @TempDir
    Path folder;

    private final SqliteEngineProvider provider = new SqliteEngineProvider();

    private static SQLiteDataSource source(SQLiteConfig config, Object url) {
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + url);
        return source;
    }

    @Test
    void theUsersConnectionsAreUsed() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setCacheSize(1234);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        SQLiteDataSource source = source(config, folder.resolve("mine.db"));
        try (Engine engine = provider.adopt(source, CONFIG).orElseThrow()) {
            EngineCollection collection = engine.store("s").collection("c");
            Engines.write(collection, new Write.Insert(Key.of(1), Document.of("a", 1)));
            assertThat(collection.find(Key.of(1), Engines.soon())).isPresent();
            assertThat(engine.unwrap(SQLiteDataSource.class)).containsSame(source);
            ((SqliteEngine) engine).database().reads().read(Engines.soon(), "a look", session -> {
                assertThat(session.number("PRAGMA cache_size")).isEqualTo(1234);
                assertThat(session.number("PRAGMA synchronous")).isEqualTo(2);
                return true;
            });
        }
        try (Connection stillThere = source.getConnection();
                Engine again = Engines.open(folder.resolve("mine.db"))) {
            assertThat(stillThere.isValid(1)).isTrue();
            assertThat(again.store("s").collection("c").find(Key.of(1), Engines.soon()))
                    .isPresent();
        }
    }

    @Test
    void whatCantBeAdoptedIsRefused() throws Exception {
        assertThat(provider.adopt("a text", CONFIG)).isEmpty();
        Engines.fails(ErrorCode.INVALID_ARGUMENT, () -> provider.adopt(source(new SQLiteConfig(), ":memory:"), CONFIG));
        SQLiteConfig deleting = new SQLiteConfig();
        deleting.setJournalMode(SQLiteConfig.JournalMode.DELETE);
        Engines.fails(
                ErrorCode.INVALID_ARGUMENT, () -> provider.adopt(source(deleting, folder.resolve("d.db")), CONFIG));
        assertThat(folder.resolve("d.db")).doesNotExist();
        Path readable = folder.resolve("readable.db");
        Engines.open(readable).close();
        SQLiteConfig reading = new SQLiteConfig();
        reading.setReadOnly(true);
        Engines.fails(ErrorCode.FORBIDDEN, () -> provider.adopt(source(reading, readable), CONFIG));
        Path text = folder.resolve("text.txt");
        Files.writeString(text, "no database at all ".repeat(100));
        Engines.fails(ErrorCode.INVALID_ARGUMENT, () -> provider.adopt(source(new SQLiteConfig(), text), CONFIG));
        assertThat(text).content().startsWith("no database");
    }

    private static EngineAddress address(String database, Map<String, String> parameters) {
        return new EngineAddress("sqlite", List.of(), null, null, false, database, parameters);
    }

    @Test
    void anAddressIsAFile() {
        assertThat(provider.uri(address("./a b%?.db", Map.of()))).isEqualTo("sqlite:./a b%25%3F.db");
        assertThat(provider.uri(address("//x/y.db", Map.of("durability", "process"))))
                .isEqualTo("sqlite:/x/y.db?durability=process");
        assertThat(provider.uri(address(":memory:", Map.of()))).isEqualTo("sqlite::memory:");
        assertThat(SqliteUri.parse(provider.uri(address("/x/a?b%20.db", Map.of())))
                        .path())
                .isEqualTo(Path.of("/x/a?b%20.db"));
    }

    @Test
    void whatAFileHasNoUseForIsNamed() {
        assertThat(Engines.fails(ErrorCode.INVALID_ARGUMENT, () -> provider.uri(address(null, Map.of()))))
                .hasMessageContaining("path of its file");
        Engines.fails(ErrorCode.INVALID_ARGUMENT, () -> provider.uri(address("a.db", Map.of("mode", "x"))));
        EngineAddress host = new EngineAddress("sqlite", List.of("db:1"), null, null, false, "a.db", Map.of());
        assertThat(Engines.fails(ErrorCode.INVALID_ARGUMENT, () -> provider.uri(host)))
                .hasMessageContaining("a host");
        EngineAddress tls = new EngineAddress("sqlite", List.of(), null, null, true, "a.db", Map.of());
        assertThat(Engines.fails(ErrorCode.INVALID_ARGUMENT, () -> provider.uri(tls)))
                .hasMessageContaining("TLS");
        EngineAddress user = new EngineAddress("sqlite", List.of(), "me", "secret", false, "a.db", Map.of());
        assertThat(Engines.fails(ErrorCode.INVALID_ARGUMENT, () -> provider.uri(user)))
                .hasMessageContaining("credentials")
                .hasMessageNotContaining("secret");
    }
}
