package org.corestack.benchmarks;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.corestack.document.Document;

/** What is stored: an order of some 400 bytes. */
final class Sample {
    /** How many samples share the value of the indexed field. */
    static final int GROUP = 1_000;

    private static final Instant PLACED = Instant.parse("2026-01-01T00:00:00Z");
    private static final String NOTE = "Leave it with the neighbours on the second floor if nobody answers the door. ";

    private Sample() {}

    static String key(int number) {
        return "order-" + number;
    }

    static int group(int number) {
        return number / GROUP;
    }

    /** Its fields, of the types that JSON and drivers know. */
    static Map<String, Object> fields(int number) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("group", group(number));
        fields.put("customer", "customer-" + number % 97);
        fields.put("status", number % 3 == 0 ? "NEW" : "SHIPPED");
        fields.put("parcels", number % 7);
        fields.put("weight", number / 8.0);
        fields.put("note", NOTE + number);
        fields.put("address", Map.of("city", "Lisbon", "street", "Rua da Prata " + number % 300, "post", "1100-414"));
        fields.put("tags", List.of("gift", "fragile", "tag-" + number % 11));
        return fields;
    }

    /** The same as a document, with a decimal and an instant as such. */
    static Document document(int number) {
        return Document.from(fields(number)).with("total", total(number)).with("placed", placed(number));
    }

    static BigDecimal total(int number) {
        return BigDecimal.valueOf(number, 2);
    }

    static Instant placed(int number) {
        return PLACED.plusSeconds(number);
    }
}
