package org.corestack.store.spi;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a database is and how to get in, in parts.
 *
 * @param scheme the URI scheme
 * @param hosts the hosts, each with a port if it is not the usual one ({@code db-1:27017}); may be empty
 * @param user the user's name, null for none
 * @param password the password, null for none
 * @param tls whether the connection has to be encrypted and the server's certificate verified
 * @param database the database's name or file, null for the usual one
 * @param parameters further ones in the engine's own terms, in order
 */
public record EngineAddress(
        String scheme,
        List<String> hosts,
        @Nullable String user,
        @Nullable String password,
        boolean tls,
        @Nullable String database,
        Map<String, String> parameters) {
    /** Without what may be secret. */
    @Override
    public String toString() {
        return "EngineAddress[scheme=" + scheme + ", hosts=" + hosts + ", user=" + user + ", password=<hidden>, tls="
                + tls + ", database=" + database + ", parameters=" + parameters.keySet() + "]";
    }
}
