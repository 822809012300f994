package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteUriTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "sqlite:/a/shop.db, /a/shop.db",
        "sqlite:///a/shop.db, /a/shop.db",
        "SQLite:/a/shop.db, /a/shop.db",
        "sqlite:/a/x/../shop.db, /a/shop.db",
        "sqlite:/a/b%3Fc%25d%20e.db, /a/b?c%d e.db",
        "sqlite:/a/%C3%A9.db, /a/é.db",
        "sqlite:/a/é+#.db, /a/é+#.db",
        "sqlite:/a/memory:, /a/memory:"
    })
    void aPathIsRead(String uri, String path) {
        assertThat(SqliteUri.parse(uri)).isEqualTo(new SqliteUri(Path.of(path), Durability.POWER));
    }

    @Test
    void aRelativePathIsOfTheWorkingFolder() {
        assertThat(SqliteUri.parse("sqlite:./shop.db").path())
                .isEqualTo(Path.of("shop.db").toAbsolutePath());
        assertThat(SqliteUri.parse("sqlite:shop.db").path())
                .isEqualTo(Path.of("shop.db").toAbsolutePath());
    }

    @Test
    void durabilityIsRead() {
        assertThat(SqliteUri.parse("sqlite:a.db?durability=process").durability())
                .isEqualTo(Durability.PROCESS);
        assertThat(SqliteUri.parse("sqlite:a.db?durability=power").durability()).isEqualTo(Durability.POWER);
        assertThat(SqliteUri.parse("sqlite::memory:")).isEqualTo(new SqliteUri(null, Durability.NONE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sqlite:",
                "sqlite:?durability=power",
                "sqlite://",
                "sqlite://host/shop.db",
                "sqlite:a.db?",
                "sqlite:a.db?durability=none",
                "sqlite:a.db?mode=ro",
                "sqlite:a.db?durability=power&x",
                "sqlite:a%2",
                "sqlite:a%zz",
                "sqlite:a%ff",
                "sqlite:a%00b",
                "postgresql:a"
            })
    void whatCanNotBeMeantIsRefused(String uri) {
        assertThatThrownBy(() -> SqliteUri.parse(uri))
                .hasMessageContaining(uri.replaceFirst("\\?.*", ""))
                .isInstanceOfSatisfying(
                        CoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void whatMayBeASecretIsNotShown() {
        assertThatThrownBy(() -> SqliteUri.parse("sqlite:a.db?cipher_key=s3cret&durability=power"))
                .hasMessageContaining("'cipher_key'")
                .hasMessageNotContaining("s3cret");
    }

    /** None of these means anything to the driver. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a?b.db",
                "100%.db",
                "a b#c&d.db",
                ":memory:",
                ":resource:x",
                "file:x",
                "é\u00fc.db",
                "x?mode=memory"
            })
    void anyNameCanBeAFile(String name) throws Exception {
        Path file = folder.resolve(name);
        String encoded = file.toString().replace("%", "%25").replace("?", "%3F");
        Engines.open("sqlite:" + encoded).close();
        assertThat(file).exists();
        assertThat(folder.toFile().list()).containsExactly(file.getFileName().toString());
    }
}
