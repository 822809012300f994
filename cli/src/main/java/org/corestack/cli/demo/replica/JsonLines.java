package org.corestack.cli.demo.replica;

import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What the demo and its replicas tell each other through pipes: JSON, an object a line, and the words of orders. */
public final class JsonLines {
    /** Lets a replica begin its work. */
    public static final String GO = "go";

    /** Asks a replica to end, with what it has begun done. */
    public static final String STOP = "stop";

    private JsonLines() {}

    /** A value as one line without its end. */
    public static String write(Object value) {
        return JsonMapper.shared().writeValueAsString(value);
    }

    /**
     * The value of a line.
     *
     * @throws CoreException INVALID_ARGUMENT if it is not of the type
     */
    public static <T> T read(String line, Class<T> type) {
        try {
            return JsonMapper.shared().readValue(line, type);
        } catch (JacksonException e) {
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "not a line of " + type.getSimpleName() + ": " + e.getOriginalMessage(),
                    e);
        }
    }
}
