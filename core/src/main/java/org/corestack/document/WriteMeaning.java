package org.corestack.document;

import java.util.Set;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/** What writes share. */
final class WriteMeaning {
    private WriteMeaning() {}

    /** INVALID_ARGUMENT if a part of a write is null, which annotations alone don't prevent. */
    static void complete(String write, @Nullable Object... parts) {
        for (Object part : parts) {
            if (part == null) {
                throw new CoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        write + " lacks a part: its key, what it writes or its condition is null");
            }
        }
    }

    static Set<String> disjoint(Document set, Set<String> unset) {
        for (@Nullable String field : unset) {
            if (field == null) {
                throw new CoreException(ErrorCode.INVALID_ARGUMENT, "the name of a field to remove is null");
            }
            if (field.isEmpty()) {
                throw new CoreException(ErrorCode.INVALID_ARGUMENT, "the name of a field to remove is empty");
            }
            Values.checkText(field, "the name of a field to remove");
            if (set.contains(field)) {
                throw new CoreException(ErrorCode.INVALID_ARGUMENT, "the field " + field + " is both set and removed");
            }
        }
        return Set.copyOf(unset);
    }

    static Document merge(@Nullable Document before, Document set, Set<String> unset) {
        if (before == null) {
            return set;
        }
        Document.Builder merged = Document.builder();
        before.asMap().forEach((name, value) -> {
            if (!unset.contains(name)) {
                merged.put(name, value);
            }
        });
        set.asMap().forEach(merged::set);
        return merged.build();
    }
}
