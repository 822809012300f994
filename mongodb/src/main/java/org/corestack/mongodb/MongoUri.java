package org.corestack.mongodb;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.MongoException;
import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.WriteConcern;
import com.mongodb.connection.ClusterConnectionMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bson.UuidRepresentation;
import org.bson.codecs.configuration.CodecRegistries;
import org.bson.codecs.configuration.CodecRegistry;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.EngineAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a URI says.
 *
 * @param settings the driver's settings; may hold a password
 * @param prefix what the names of all databases begin with, mostly nothing
 */
record MongoUri(MongoClientSettings settings, String prefix) {
    static final CodecRegistry CODECS = CodecRegistries.fromRegistries(
            CodecRegistries.fromCodecs(new StoredCodec()), MongoClientSettings.getDefaultCodecRegistry());
    private static final Pattern PREFIX = Pattern.compile("(?i)([?&])corestack\\.databasePrefix=([^&]*)(&|$)");
    private static final Pattern ALLOWED_PREFIX = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,13}");

    static MongoUri parse(String uri) {
        Matcher matcher = PREFIX.matcher(uri);
        String prefix = "";
        String rest = uri;
        if (matcher.find()) {
            prefix = matcher.group(2);
            String after = uri.substring(matcher.end());
            rest = uri.substring(0, matcher.start()) + (after.isEmpty() ? "" : matcher.group(1) + after);
            if (!ALLOWED_PREFIX.matcher(prefix).matches()) {
                throw CoreException.invalidArgument("corestack.databasePrefix is '" + prefix
                        + "'; it must be a letter, then up to 13 letters, digits, underscores and hyphens");
            }
        }
        return new MongoUri(settings(connection(rest)), prefix);
    }

    /** The URI of an address. */
    static String of(EngineAddress address) {
        if (address.hosts().isEmpty()) {
            throw CoreException.invalidArgument("the address of a " + address.scheme() + " store names no host");
        }
        if (address.database() != null) {
            throw CoreException.invalidArgument("the address of a " + address.scheme()
                    + " store names a database, but a store is one: leave it out, or use corestack.databasePrefix");
        }
        if ((address.user() == null) != (address.password() == null)) {
            throw CoreException.invalidArgument("the address names a user or a password without the other");
        }
        StringBuilder uri = new StringBuilder(address.scheme()).append("://");
        if (address.user() != null && address.password() != null) {
            uri.append(encode(address.user()))
                    .append(':')
                    .append(encode(address.password()))
                    .append('@');
        }
        uri.append(String.join(",", address.hosts())).append('/');
        String separator = "?";
        if (address.tls()) {
            uri.append("?tls=true");
            separator = "&";
        }
        for (Map.Entry<String, String> parameter : address.parameters().entrySet()) {
            uri.append(separator).append(encode(parameter.getKey())).append('=').append(encode(parameter.getValue()));
            separator = "&";
        }
        return uri.toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static ConnectionString connection(String uri) {
        try {
            return new ConnectionString(uri);
        } catch (IllegalArgumentException e) {
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the URI is none of MongoDB's: " + withoutSecrets(e.getMessage(), uri)
                            + "; it must look like mongodb://user:password@host1:27017,host2:27017/?replicaSet=rs0");
        } catch (MongoException e) {
            throw new CoreException(
                    ErrorCode.UNAVAILABLE, "the name of the mongodb+srv URI can't be looked up: " + e.getMessage(), e);
        }
    }

    /** The driver's words, but where they quote what stands before the hosts. */
    private static String withoutSecrets(@Nullable String message, String uri) {
        int at = uri.lastIndexOf('@');
        if (message == null || at < 0) {
            return String.valueOf(message);
        }
        String user = uri.substring(uri.indexOf("//") + 2, at);
        String password = user.substring(user.indexOf(':') + 1);
        boolean told = message.contains(user) || message.contains(password);
        return told ? "what stands before the @ is not in order" : message;
    }

    private static MongoClientSettings settings(ConnectionString uri) {
        if (uri.getReadPreference() != null && !uri.getReadPreference().equals(ReadPreference.primary())) {
            throw CoreException.invalidArgument("the URI asks for readPreference=" + uri.getReadPreference()
                    + "; a secondary may be behind, so that only the primary is read: leave it out");
        }
        WriteConcern wanted = uri.getWriteConcern();
        if (wanted != null && !wanted.isAcknowledged()) {
            throw CoreException.invalidArgument("the URI asks for w=0, with which no write is confirmed: leave it out");
        }
        MongoClientSettings.Builder settings = MongoClientSettings.builder()
                .applyConnectionString(uri)
                .readConcern(ReadConcern.MAJORITY)
                .readPreference(ReadPreference.primary())
                .writeConcern(wanted == null ? WriteConcern.MAJORITY.withJournal(true) : wanted)
                .uuidRepresentation(UuidRepresentation.STANDARD)
                .codecRegistry(CodecRegistries.fromRegistries(
                        CodecRegistries.fromCodecs(new StoredCodec()), MongoClientSettings.getDefaultCodecRegistry()));
        if (uri.getApplicationName() == null) {
            settings.applicationName("corestack");
        }
        if (uri.isDirectConnection() == null && !uri.isSrvProtocol() && !Boolean.TRUE.equals(uri.isLoadBalanced())) {
            settings.applyToClusterSettings(cluster -> cluster.mode(ClusterConnectionMode.MULTIPLE));
        }
        MongoCredential credential = uri.getCredential();
        if (credential != null && credential.getAuthenticationMechanism() == null) {
            char[] password = credential.getPassword();
            settings.credential(MongoCredential.createScramSha256Credential(
                    String.valueOf(credential.getUserName()),
                    credential.getSource(),
                    password == null ? new char[0] : password));
        }
        return settings.build();
    }

    /** Without the settings, which may hold a password. */
    @Override
    public String toString() {
        return "MongoUri[settings=<hidden>, prefix=" + prefix + "]";
    }
}
