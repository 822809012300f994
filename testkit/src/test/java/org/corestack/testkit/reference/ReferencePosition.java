package org.corestack.testkit.reference;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.corestack.document.Position;
import org.jspecify.annotations.Nullable;

/** A position taken apart. */
record ReferencePosition(String history, long number) {
    private static final Pattern FORM = Pattern.compile("([0-9a-f-]{36}):([0-9]{1,18})");

    /** Null if the text is no position of this engine. */
    static @Nullable ReferencePosition of(Position position) {
        Matcher form = FORM.matcher(position.text());
        return form.matches() ? new ReferencePosition(form.group(1), Long.parseLong(form.group(2))) : null;
    }
}
