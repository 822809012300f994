package org.corestack.sql;

import org.jspecify.annotations.Nullable;

/** The texts that begin with a prefix, as a range by code point. */
public final class TextRange {
    private TextRange() {}

    /** The first text behind all that begin with the prefix; null where every text behind the prefix begins with it. */
    public static @Nullable String end(String prefix) {
        int at = prefix.length();
        while (at > 0) {
            int last = prefix.codePointBefore(at);
            at -= Character.charCount(last);
            if (last < Character.MAX_CODE_POINT) {
                boolean beforeSurrogates = last + 1 == Character.MIN_SURROGATE;
                return prefix.substring(0, at)
                        + Character.toString(beforeSurrogates ? Character.MAX_SURROGATE + 1 : last + 1);
            }
        }
        return null;
    }
}
