package org.corestack.sqlite;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.corestack.document.FieldPath;

/** Cuts some fields out of a document's JSON, each as it is written there and in the document's order. */
final class Projection {
    /** The fields and what is wanted of each; nothing within where it is wanted whole. */
    private final Map<String, Projection> fields = new LinkedHashMap<>();

    private Projection() {}

    static Projection of(List<FieldPath> only) {
        Projection projection = new Projection();
        for (FieldPath path : only) {
            Projection at = projection;
            for (String name : path.names()) {
                at = at.fields.computeIfAbsent(name, missing -> new Projection());
            }
        }
        return projection;
    }

    /** The expression that gives the cut JSON of an expression that gives JSON. */
    String in(String json) {
        return in(json, 0);
    }

    private String in(String json, int level) {
        String member = "m" + level;
        String whole = "(" + json + " -> ('$.\"' || " + member + ".key || '\"'))";
        String content = "CASE " + member + ".key" + cut(member, level) + " ELSE " + whole + " END";
        return "'{' || coalesce((SELECT group_concat(json_quote(" + member + ".key) || ':' || "
                + (isFlat() ? whole : "(" + content + ")") + ", ',') FROM json_each(" + json + ") AS " + member
                + " WHERE " + member + ".key IN (" + names() + ")" + documents(member) + "), '') || '}'";
    }

    private boolean isFlat() {
        return fields.values().stream().allMatch(field -> field.fields.isEmpty());
    }

    private String names() {
        return fields.keySet().stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
    }

    private String cut(String member, int level) {
        StringBuilder cases = new StringBuilder();
        fields.forEach((name, field) -> {
            if (!field.fields.isEmpty()) {
                cases.append(" WHEN '").append(name).append("' THEN ").append(field.in(member + ".value", level + 1));
            }
        });
        return cases.toString();
    }

    /** What is cut further has to be a document: an object whose first member is no mark of another type. */
    private String documents(String member) {
        if (isFlat()) {
            return "";
        }
        String inner = fields.entrySet().stream()
                .filter(field -> !field.getValue().fields.isEmpty())
                .map(field -> "'" + field.getKey() + "'")
                .collect(Collectors.joining(", "));
        return " AND (" + member + ".key NOT IN (" + inner + ") OR (" + member + ".type = 'object' AND " + member
                + ".value NOT GLOB '{\"$[tubd]\"*'))";
    }
}
