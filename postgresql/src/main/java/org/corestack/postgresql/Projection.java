package org.corestack.postgresql;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.corestack.document.FieldPath;

/** Cuts some fields out of a document's JSON. */
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
    String in(StoreName store, String json) {
        return fields.entrySet().stream()
                .map(field -> field(store, json, field.getKey(), field.getValue()))
                .collect(Collectors.joining(" || ", "(", ")"));
    }

    private static String field(StoreName store, String json, String name, Projection within) {
        Place place = Place.within(store, json, List.of(name));
        boolean whole = within.fields.isEmpty();
        return "CASE WHEN " + (whole ? place.present() : place.isDocument()) + " THEN jsonb_build_object("
                + Names.literal(name) + ", " + (whole ? place.value() : within.in(store, place.value()))
                + ") ELSE '{}'::jsonb END";
    }
}
