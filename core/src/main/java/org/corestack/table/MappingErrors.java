package org.corestack.table;

import java.util.List;
import org.corestack.document.Document;
import org.corestack.document.ValueType;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.MismatchedInputException;

/**
 * Puts into words what went wrong between a type and its documents: where and why, but no values, which may be
 * secret. What Jackson said is the cause.
 */
final class MappingErrors {
    private static final int MAX_REASON = 300;
    private static final int MAX_PATH = 80;

    private MappingErrors() {}

    /** The error of a value that can't be kept. */
    static CoreException unwritable(String what, RuntimeException error) {
        return new CoreException(ErrorCode.INVALID_ARGUMENT, what + " can't be kept: " + reason(error), error);
    }

    /**
     * The error of a document that the type can't read. UNSUPPORTED: nothing is lost and the call is right, but this
     * program's type does not know this form, typically that of a newer or older version.
     */
    static CoreException unreadable(String what, Class<?> type, Object stored, RuntimeException error) {
        List<JacksonException.Reference> path =
                error instanceof JacksonException jackson ? jackson.getPath() : List.of();
        StringBuilder message = new StringBuilder(what + " does not fit " + type.getName());
        if (!path.isEmpty()) {
            message.append(" at ").append(text(path)).append(": it holds ").append(typeAt(stored, path));
        }
        if (error instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            message.append(path.isEmpty() ? ": " : ", ")
                    .append("it has to make a ")
                    .append(mismatch.getTargetType().getName());
        }
        String remedy = ModuleAccess.remedy(error);
        if (remedy != null) {
            message.append("; ").append(remedy);
        } else if (error.getCause() != null) {
            message.append("; ").append(error.getCause().getClass().getName()).append(" was thrown");
        }
        return new CoreException(ErrorCode.UNSUPPORTED, message.toString(), error);
    }

    private static String reason(RuntimeException error) {
        String remedy = ModuleAccess.remedy(error);
        if (remedy != null) {
            return remedy;
        }
        if (!(error instanceof JacksonException jackson)) {
            return said(error);
        }
        String at = jackson.getPath().isEmpty() ? "" : "at " + text(jackson.getPath()) + ", ";
        Throwable cause = jackson.getCause();
        String reason =
                at + (cause == null || cause instanceof JacksonException ? jackson.getOriginalMessage() : said(cause));
        return reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON) + "…";
    }

    /** What we said ourselves; of what a user's code threw the class alone, as its message may quote a value. */
    private static String said(Throwable error) {
        return error instanceof CoreException || error instanceof UnfitTypeException
                ? String.valueOf(error.getMessage())
                : error.getClass().getName() + " was thrown";
    }

    private static String text(List<JacksonException.Reference> path) {
        StringBuilder text = new StringBuilder();
        for (JacksonException.Reference reference : path) {
            if (text.length() > MAX_PATH) {
                return text + "…";
            }
            if (reference.getPropertyName() == null) {
                text.append('[').append(reference.getIndex()).append(']');
            } else {
                text.append(text.isEmpty() ? "" : ".").append(reference.getPropertyName());
            }
        }
        return text.toString();
    }

    private static String typeAt(Object stored, List<JacksonException.Reference> path) {
        @Nullable Object value = stored;
        for (JacksonException.Reference reference : path) {
            String name = reference.getPropertyName();
            if (name != null && value instanceof Document inner) {
                value = inner.get(name);
            } else if (name == null && value instanceof List<?> list && reference.getIndex() < list.size()) {
                value = list.get(reference.getIndex());
            } else {
                return "something else";
            }
        }
        return value == null ? "nothing" : "a value of type " + ValueType.of(value);
    }
}
