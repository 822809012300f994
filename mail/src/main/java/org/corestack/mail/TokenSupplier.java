package org.corestack.mail;

/**
 * Gives the OAuth2 access token for one connection.
 *
 * <p>It is asked anew for each connection, on a thread of the client and possibly on several at once, so a token that
 * expires can be renewed here; caching is the supplier's matter. It may block; that counts against the total timeout, and
 * it is interrupted when that has passed.
 */
@FunctionalInterface
public interface TokenSupplier {
    /**
     * A token that is valid now.
     *
     * @return the access token as the provider gave it, without "Bearer": printable ASCII without spaces
     * @throws Exception if there is none; a {@link org.corestack.errors.CoreException} keeps its code, anything else
     *     becomes UNAUTHORIZED with it as the cause
     */
    String token() throws Exception;
}
