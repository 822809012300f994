package org.corestack.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.AuthenticationMechanism;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.ReadConcern;
import com.mongodb.WriteConcern;
import com.mongodb.connection.ClusterConnectionMode;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.bson.UuidRepresentation;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineConfig;
import org.junit.jupiter.api.Test;

class MongoUriTest {
    private static CoreException refusal(String uri) {
        CoreException error = catchThrowableOfType(CoreException.class, () -> MongoUri.parse(uri));
        assertThat(error).as(uri).isNotNull();
        assertThat(error.code()).as(error.getMessage()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        return error;
    }

    @Test
    void availabilityIsTheDefault() {
        MongoClientSettings settings = MongoUri.parse("mongodb://db1").settings();
        assertThat(settings.getWriteConcern()).isEqualTo(WriteConcern.MAJORITY.withJournal(true));
        assertThat(settings.getReadConcern()).isEqualTo(ReadConcern.MAJORITY);
        assertThat(settings.getRetryReads()).isTrue();
        assertThat(settings.getRetryWrites()).isTrue();
        assertThat(settings.getUuidRepresentation()).isEqualTo(UuidRepresentation.STANDARD);
    }

    @Test
    void oneHostIsEnoughToFindTheSet() {
        assertThat(MongoUri.parse("mongodb://db1")
                        .settings()
                        .getClusterSettings()
                        .getMode())
                .isEqualTo(ClusterConnectionMode.MULTIPLE);
        assertThat(MongoUri.parse("mongodb://db1/?directConnection=true")
                        .settings()
                        .getClusterSettings()
                        .getMode())
                .isEqualTo(ClusterConnectionMode.SINGLE);
    }

    @Test
    void theMechanismIsScramSha256UnlessAnotherIsNamed() {
        MongoCredential plain = Objects.requireNonNull(MongoUri.parse("mongodb://joe:pw@db1/?authSource=users")
                .settings()
                .getCredential());
        assertThat(plain.getAuthenticationMechanism()).isEqualTo(AuthenticationMechanism.SCRAM_SHA_256);
        assertThat(plain.getSource()).isEqualTo("users");
        MongoCredential older = Objects.requireNonNull(MongoUri.parse("mongodb://joe:pw@db1/?authMechanism=SCRAM-SHA-1")
                .settings()
                .getCredential());
        assertThat(older.getAuthenticationMechanism()).isEqualTo(AuthenticationMechanism.SCRAM_SHA_1);
    }

    @Test
    void databasesCanHaveAPrefixWhereverItStands() {
        for (String uri : List.of(
                "mongodb://db1/?corestack.databasePrefix=t1_",
                "mongodb://db1/?corestack.databasePrefix=t1_&retryReads=false",
                "mongodb://db1/?retryReads=false&corestack.databasePrefix=t1_",
                "mongodb://db1/?retryReads=false&corestack.databasePrefix=t1_&appName=x")) {
            MongoUri parsed = MongoUri.parse(uri);
            assertThat(parsed.prefix()).as(uri).isEqualTo("t1_");
            assertThat(parsed.settings().getRetryReads()).as(uri).isEqualTo(!uri.contains("retryReads"));
        }
        refusal("mongodb://db1/?corestack.databasePrefix=$x");
        refusal("mongodb://db1/?corestack.databasePrefix=");
    }

    @Test
    void whatWouldLoseOrTurnBackIsRefused() {
        assertThat(refusal("mongodb://db1/?w=0")).hasMessageContaining("w=0");
        assertThat(refusal("mongodb://db1/?readPreference=secondary")).hasMessageContaining("secondary");
    }

    @Test
    void noRefusalTellsAPassword() {
        for (String uri : List.of(
                "mongodb://joe:se:cr@et@db1",
                "mongodb://joe:secret@",
                "mongodb://joe:secret@db1:port",
                "mongodb://joe:secret@db1/?connectTimeoutMS=x&w=majorit%y",
                "mongodb://joe:secret@db1/?authMechanism=NONE",
                "mongodb://joe:sec/ret@db1")) {
            CoreException error = catchThrowableOfType(CoreException.class, () -> MongoUri.parse(uri));
            for (Throwable at = error; at != null; at = at.getCause()) {
                assertThat(at.toString()).as(uri).doesNotContain("secret", "cr@et", "ret@", "se:cr");
            }
        }
        assertThat(MongoUri.parse("mongodb://joe:secret@db1").toString()).doesNotContain("secret");
    }

    @Test
    void storesCanNotBeTheServersOwnDatabases() {
        try (Engine engine = new MongoEngineProvider()
                .open(new EngineConfig("mongodb://127.0.0.1:1", "s", Duration.ofSeconds(1), Duration.ofHours(1)))) {
            for (String name : List.of("admin", "local", "config", "Admin")) {
                CoreException error = catchThrowableOfType(CoreException.class, () -> engine.store(name));
                assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            }
            assertThat(engine.store("shop")).isSameAs(engine.store("shop"));
        }
    }
}
