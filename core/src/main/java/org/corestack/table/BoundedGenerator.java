package org.corestack.table;

import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.util.JsonGeneratorDelegate;

/** Stops where a document is nested too deep, so that objects that contain themselves don't overflow the stack. */
final class BoundedGenerator extends JsonGeneratorDelegate {
    private static final int MAX_DEPTH = 100;

    BoundedGenerator(JsonGenerator out) {
        super(out);
    }

    private void deeper() {
        if (streamWriteContext().getNestingDepth() >= MAX_DEPTH) {
            throw CoreException.invalidArgument("the value is nested more than " + MAX_DEPTH + " levels deep");
        }
    }

    @Override
    public JsonGenerator writeStartArray() {
        deeper();
        return super.writeStartArray();
    }

    @Override
    public JsonGenerator writeStartArray(@Nullable Object value) {
        deeper();
        return super.writeStartArray(value);
    }

    @Override
    public JsonGenerator writeStartArray(@Nullable Object value, int size) {
        deeper();
        return super.writeStartArray(value, size);
    }

    @Override
    public JsonGenerator writeStartObject() {
        deeper();
        return super.writeStartObject();
    }

    @Override
    public JsonGenerator writeStartObject(@Nullable Object value) {
        deeper();
        return super.writeStartObject(value);
    }

    @Override
    public JsonGenerator writeStartObject(@Nullable Object value, int size) {
        deeper();
        return super.writeStartObject(value, size);
    }
}
