package org.corestack.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.corestack.postgresql.Engines.c;

import java.util.ArrayList;
import java.util.List;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Sort;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.store.spi.Cursor;
import org.junit.jupiter.api.Test;

/** Text is compared by code point in a database that has a language's order. */
class CollationTest {
    private static final FieldPath V = FieldPath.of("v");

    @Test
    void aLanguagesOrderDoesNotCount() {
        Server.run(
                "postgres",
                "CREATE DATABASE german LOCALE_PROVIDER icu ICU_LOCALE 'de' LOCALE 'C' ENCODING 'UTF8' TEMPLATE template0");
        try (PostgresEngine engine = Engines.open(Server.uri("german"))) {
            for (String text : List.of("b", "a", "B", "A", "ä", "z")) {
                Engines.write(c(engine), new Write.Insert(Key.of(text), Document.of("v", text)));
            }
            assertOrder(engine);
            c(engine).ensureIndexes(List.of(Index.on(V)), Engines.soon());
            assertOrder(engine);
        }
    }

    private static void assertOrder(PostgresEngine engine) {
        assertThat(list(engine, Filter.all())).containsExactly("A", "B", "a", "b", "z", "ä");
        assertThat(list(engine, Filter.compare(V, Operator.GT, "a"))).containsExactly("b", "z", "ä");
        assertThat(list(engine, Filter.compare(V, Operator.LT, "a"))).containsExactly("A", "B");
    }

    private static List<Object> list(PostgresEngine engine, Filter filter) {
        List<Object> texts = new ArrayList<>();
        try (Cursor cursor = c(engine).find(filter, FindOptions.sortBy(Sort.ascending(V)))) {
            for (StoredDocument found : cursor.next(Engines.soon())) {
                texts.add(found.document().get("v"));
            }
        }
        return texts;
    }
}
