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

    /** What is true where all predicates are. */
    public static SqlPart all(List<SqlPart> predicates) {
        return predicates.isEmpty() ? of("TRUE") : balanced(" AND ", predicates);
    }

    /** What is true where one of the predicates is. */
    public static SqlPart any(List<SqlPart> predicates) {
        return predicates.isEmpty() ? of("FALSE") : balanced(" OR ", predicates);
    }

    /** Each in parentheses, and so nested that a thousand of them are some ten levels deep: databases limit the depth. */
    private static SqlPart balanced(String operator, List<SqlPart> predicates) {
        int size = predicates.size();
        if (size == 1) {
            return predicates.get(0).within("(", ")");
        }
        SqlPart left = balanced(operator, predicates.subList(0, size / 2));
        SqlPart right = balanced(operator, predicates.subList(size / 2, size));
        return join(operator, List.of(left, right)).within("(", ")");
    }

    /** This piece between two texts without parameters. */
    public SqlPart within(String before, String after) {
        return new SqlPart(before + text + after, parameters);
    }

    /** The pieces with {@code separator} between them. */
    public static SqlPart join(String separator, List<SqlPart> parts) {
        StringBuilder text = new StringBuilder();
        List<Object> parameters = new ArrayList<>();
        for (SqlPart part : parts) {
            text.append(text.isEmpty() ? "" : separator).append(part.text);
            parameters.addAll(part.parameters);
        }
        return new SqlPart(text.toString(), parameters);
    }
}
