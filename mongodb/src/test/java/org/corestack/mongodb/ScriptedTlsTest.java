package org.corestack.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bson.BsonDocument;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.ClientOptions;
import org.corestack.store.StoreClient;
import org.corestack.testkit.ScriptedMongoServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encrypted connections to a scripted server, whose certificate was made a moment ago and nobody trusts by itself. */
class ScriptedTlsTest {
    private static final String PASSWORD = "changeit";
    private static final ClientOptions OPTIONS =
            ClientOptions.ofDefaults().withSource("script").withTimeout(Duration.ofSeconds(5));

    private SSLContext trusting;
    private ScriptedMongoServer server;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("server.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process made = new ProcessBuilder(List.of(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD))
                .redirectErrorStream(true)
                .start();
        String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(made.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", keys.getCertificate("server"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        trusting = SSLContext.getInstance("TLS");
        trusting.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        server = new ScriptedMongoServer(trusting.getServerSocketFactory());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** A client of the driver as the URI says, that trusts the server. */
    private MongoClient trusting(String uri) {
        return MongoClients.create(
                MongoClientSettings.builder(MongoUri.parse(uri).settings())
                        .applyToSslSettings(ssl -> ssl.context(trusting))
                        .build());
    }

    @Test
    void aServerThatIsTrustedIsSpokenToInSecret() {
        server.on("find", "{cursor: {id: {$numberLong: '0'}, ns: 'shop.things', firstBatch: [{_id: 'k', a: 1}]}}");
        try (MongoClient driver = trusting(server.uri() + "&tls=true");
                StoreClient client = StoreClient.on(driver, OPTIONS)) {
            client.healthCheck();
            assertThat(client.store("shop")
                            .collection("things")
                            .find(Key.of("k"))
                            .orElseThrow()
                            .document())
                    .isEqualTo(Document.of("a", 1));
        }
    }

    @Test
    void aCertificateThatNobodyVouchesForIsRefusedAndNamed() {
        try (StoreClient client =
                StoreClient.open(server.uri() + "&tls=true", OPTIONS.withTimeout(Duration.ofSeconds(2)))) {
            CoreException error = catchThrowableOfType(CoreException.class, client::healthCheck);
            assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(error).hasMessageContaining("certification path");
        }
        assertThat(server.received("ping")).isEmpty();
    }

    /** auth/connection-string: "should recognize the mechanism (MONGODB-X509)"; the certificate is what the server knows the user by. */
    @Test
    void aCertificateIsWhatTheUserIsKnownBy() {
        server.fail("authenticate", 18, "AuthenticationFailed");
        server.fail("authenticate", 18, "AuthenticationFailed");
        String uri = server.uri() + "&tls=true&authMechanism=MONGODB-X509";
        try (MongoClient driver = trusting(uri);
                StoreClient client = StoreClient.on(driver, OPTIONS)) {
            CoreException error = catchThrowableOfType(CoreException.class, client::healthCheck);
            assertThat(error.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
            assertThat(error).hasMessageContaining("certificate");
        }
        BsonDocument asked = server.received("authenticate").get(0);
        assertThat(asked.getString("mechanism").getValue()).isEqualTo("MONGODB-X509");
        assertThat(asked.getString("$db").getValue()).isEqualTo("$external");
    }
}
