package org.corestack.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * A piece of SQL and the parameters of its question marks, in order. Immutable.
 *
 * @param text SQL without a single value of the user's
 * @param parameters one for each question mark
 */
public record SqlPart(String text, List<Object> parameters) {
    /** Copies. */
    public SqlPart {
        parameters = List.copyOf(parameters);
    }

    /** A piece with its parameters. */
    public static SqlPart of(String text, Object... parameters) {
        return new SqlPart(text, List.of(parameters));
    }

    /** The pieces with {@code separator} between them. */
    static SqlPart join(String separator, List<SqlPart> parts) {
        StringBuilder text = new StringBuilder();
        List<Object> parameters = new ArrayList<>();
        for (SqlPart part : parts) {
            text.append(text.isEmpty() ? "" : separator).append(part.text);
            parameters.addAll(part.parameters);
        }
        return new SqlPart(text.toString(), parameters);
    }
}
