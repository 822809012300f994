package org.corestack.mail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What must not be seen of one connection's password or token, in any of the forms in which it goes over the wire. */
final class Secrets {
    static final String HIDDEN = "<hidden>";
    static final Secrets NONE = new Secrets(List.of());

    /** A shorter one would make every text unreadable, and is no secret. */
    private static final int SHORTEST = 3;

    private final List<String> forms;

    private Secrets(List<String> forms) {
        this.forms = forms;
    }

    static Secrets of(String user, String secret) {
        List<String> forms = new ArrayList<>();
        // The longest first, as they hold the shorter ones.
        forms.add(base64(user + "\0" + user + "\0" + secret));
        forms.add(base64("\0" + user + "\0" + secret));
        forms.add(base64("user=" + user + "\u0001auth=Bearer " + secret + "\u0001\u0001"));
        forms.add(base64(secret));
        forms.add(secret);
        // As it looks in an answer that is not UTF-8 as a whole.
        forms.add(new String(secret.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        forms.removeIf(form -> form.length() < SHORTEST);
        return new Secrets(forms);
    }

    /** The text with each of the forms replaced. */
    String hide(String text) {
        String result = text;
        for (String form : forms) {
            result = result.replace(form, HIDDEN);
        }
        return result;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
