package org.corestack.mail;

import java.util.Objects;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;

/** Who logs in, and what proves it. */
final class Login {
    private final String user;
    private final TokenSupplier secret;
    private final boolean oauth;

    private Login(String user, TokenSupplier secret, boolean oauth) {
        this.user = user;
        this.secret = secret;
        this.oauth = oauth;
    }

    static Login password(String user, String password) {
        checked("the password", password);
        return new Login(checked("the user", user), () -> password, false);
    }

    static Login token(String user, TokenSupplier tokens) {
        return new Login(checked("the user", user), Objects.requireNonNull(tokens, "tokens"), true);
    }

    String user() {
        return user;
    }

    boolean oauth() {
        return oauth;
    }

    String kind() {
        return oauth ? "token" : "password";
    }

    /** The password, or a token that is valid now. */
    String secret() {
        String value;
        try {
            value = secret.token();
        } catch (CoreException e) {
            throw CoreException.wrap("there is no OAuth2 token for the user " + user + ": the supplier failed", e);
        } catch (InterruptedException e) {
            throw CoreException.interrupted("waiting for an OAuth2 token was interrupted", e);
        } catch (Exception e) {
            throw new CoreException(
                    ErrorCode.UNAUTHORIZED,
                    "there is no OAuth2 token for the user " + user + ": the supplier failed",
                    e);
        }
        if (oauth) {
            // It stands between control characters in what goes to the server, and must not bring its own.
            if (value == null || !value.matches("[!-~]+")) {
                throw CoreException.invalidArgument(
                        "the OAuth2 token that the supplier gave is not one line of printable ASCII");
            }
        }
        return value;
    }

    /** Never the secret. */
    @Override
    public String toString() {
        return "Login[" + user + ", " + kind() + " " + Secrets.HIDDEN + "]";
    }

    /** Controls would end the user's name or the password early in what goes to the server. */
    private static String checked(String what, String text) {
        Objects.requireNonNull(text, what);
        if (text.isEmpty() || text.chars().anyMatch(c -> c < ' ' || c == 127)) {
            throw CoreException.invalidArgument(
                    what + " for the mail server is empty or holds a control character; it must be one line");
        }
        return Checks.paired(what, text);
    }
}
