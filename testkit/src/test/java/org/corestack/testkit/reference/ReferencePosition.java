package org.corestack.testkit.reference;

import java.util.function.LongUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.corestack.document.Position;
import org.jspecify.annotations.Nullable;

/** A position taken apart. */
record ReferencePosition(String history, long number) {
    private static final Pattern FORM = Pattern.compile("([0-9a-f-]{36}):([0-9]{1,18})(?:#([0-9]{1,9}))?");

    /**
     * Null if the text is no position of this engine.
     *
     * @param committed the number before the first change of a transaction
     */
    static @Nullable ReferencePosition of(Position position, LongUnaryOperator committed) {
        Matcher form = FORM.matcher(position.text());
        if (!form.matches()) {
            return null;
        }
        long number = Long.parseLong(form.group(2));
        String change = form.group(3);
        return new ReferencePosition(
                form.group(1), change == null ? number : committed.applyAsLong(number) + Long.parseLong(change));
    }
}
