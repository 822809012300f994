package org.corestack.sqlite;

import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Key;
import org.corestack.document.Write;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;

/** Writes until it can't, and prints what it meets. */
final class DiskProcess {
    private DiskProcess() {}

    public static void main(String[] arguments) {
        try (Engine engine = Engines.open(arguments[0])) {
            EngineCollection collection = engine.store("s").collection("c");
            int written = fill(collection);
            System.out.println("there are " + count(collection) + " of " + written);
            Engines.write(collection, new Write.Delete(Key.of(0), Condition.none()));
            System.out.println("there are " + count(collection) + " after a delete");
        } catch (CoreException e) {
            System.out.println("failed: " + e.code() + " " + e.getMessage());
        }
    }

    private static int fill(EngineCollection collection) {
        for (int i = 0; i < 10_000; i++) {
            try {
                Engines.write(collection, new Write.Insert(Key.of(i), Document.of("t", "x".repeat(50_000))));
            } catch (CoreException e) {
                System.out.println("full: " + e.code());
                return i;
            }
        }
        return -1;
    }

    private static int count(EngineCollection collection) {
        int count = 0;
        try (Cursor cursor = collection.find(Filter.all(), FindOptions.ofDefaults())) {
            for (var page = cursor.next(Engines.soon()); !page.isEmpty(); page = cursor.next(Engines.soon())) {
                count += page.size();
            }
        }
        return count;
    }
}
