package org.corestack.table;

/** A user's type can't be mapped; the message is ours, names no value, and is to be shown. */
final class UnfitTypeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnfitTypeException(String message) {
        super(message);
    }
}
