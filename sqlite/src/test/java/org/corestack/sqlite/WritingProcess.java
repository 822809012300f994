package org.corestack.sqlite;

import java.util.Random;
import java.util.Set;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.WriteResult;

/** Writes without end, and prints what is confirmed: the key, the number it holds (or -), the version. */
final class WritingProcess {
    private WritingProcess() {}

    public static void main(String[] arguments) {
        String name = arguments[1];
        Random random = new Random(Long.parseLong(arguments[2]));
        try (Engine engine = Engines.open(arguments[0])) {
            EngineCollection collection = engine.store("s").collection("c");
            for (int i = 1; ; i++) {
                Key key = Key.of(name + random.nextInt(40));
                Write write = write(key, i, random);
                WriteResult result = collection.write(write, Engines.soon());
                Written written = result.written();
                if (written != null) {
                    String number = write instanceof Write.Delete ? "-" : String.valueOf(i);
                    System.out.println(key + " " + number + " " + written.version());
                }
            }
        }
    }

    /** Both fields always hold the same number: half a write would be seen. */
    private static Write write(Key key, int number, Random random) {
        Document document = Document.of("one", number, "two", number);
        return switch (random.nextInt(4)) {
            case 0 -> new Write.Insert(key, document);
            case 1 -> new Write.Delete(key, Condition.none());
            case 2 ->
                new Write.Apply(
                        key,
                        Patch.set(FieldPath.of("one"), number).and(Patch.set(FieldPath.of("two"), number)),
                        Condition.none(),
                        false);
            default -> new Write.Upsert(key, document, Set.of());
        };
    }
}
