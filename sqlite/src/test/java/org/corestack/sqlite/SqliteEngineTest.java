package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.corestack.document.Change.Operation;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.Position;
import org.corestack.document.Sort;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.WriteResult.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteEngineTest {
    private static final Map<String, ChangeReader.Content> LATEST = Map.of("c", ChangeReader.Content.LATEST);

    @TempDir
    Path folder;

    @Test
    void aDocumentIsWrittenFoundAndFed() {
        try (Engine engine = Engines.open(folder.resolve("a.db"))) {
            EngineCollection c = engine.store("s").collection("c");
            Position start = c.changes().now(Engines.soon());
            Key key = Key.of("k");
            Written inserted = Engines.write(c, new Write.Insert(key, Document.of("n", 1, "l", 2L)));
            assertThat(c.write(new Write.Insert(key, Document.empty()), Engines.soon())
                            .status())
                    .isEqualTo(Status.ALREADY_EXISTS);
            Written patched = Engines.write(
                    c,
                    new Write.Apply(
                            key,
                            Patch.increment(FieldPath.of("n"), 5),
                            Condition.ifVersion(inserted.version()),
                            false));
            assertThat(patched.version()).isGreaterThan(inserted.version());
            assertThat(c.find(key, Engines.soon()))
                    .contains(new StoredDocument(key, Document.of("n", 6, "l", 2L), patched.version()));
            assertThat(c.write(new Write.Delete(key, Condition.ifVersion(inserted.version())), Engines.soon())
                            .status())
                    .isEqualTo(Status.CONFLICT);
            Engines.write(c, new Write.Delete(key, Condition.none()));
            try (ChangeReader reader = c.changes().open(start)) {
                ChangeReader.Batch batch = (ChangeReader.Batch) reader.next(LATEST, Duration.ofSeconds(5));
                assertThat(batch.changes())
                        .extracting(change -> change.change().operation())
                        .containsExactly(Operation.INSERT, Operation.UPDATE, Operation.DELETE);
                assertThat(c.changes().covers(batch.upTo(), patched.position())).isTrue();
            }
        }
    }

    @Test
    void aListIsFilteredSortedAndPaged() {
        try (Engine engine = Engines.open("sqlite::memory:")) {
            EngineCollection c = engine.store("s").collection("c");
            FieldPath n = FieldPath.of("n");
            c.ensureIndexes(List.of(Index.on(n)), Engines.soon());
            c.ensureIndexes(List.of(Index.on(n)), Engines.soon());
            for (int i = 0; i < 350; i++) {
                Engines.write(c, new Write.Insert(Key.of("k" + i), Document.of("n", i % 7)));
            }
            List<StoredDocument> all = new java.util.ArrayList<>();
            try (Cursor cursor = c.find(Filter.compare(n, Operator.GTE, 3), FindOptions.sortBy(Sort.descending(n)))) {
                for (List<StoredDocument> page = cursor.next(Engines.soon());
                        !page.isEmpty();
                        page = cursor.next(Engines.soon())) {
                    all.addAll(page);
                }
            }
            assertThat(all).hasSize(200);
            assertThat(all)
                    .isSortedAccordingTo(java.util.Comparator.<StoredDocument>comparingInt(
                                    d -> -d.document().get("n", Integer.class))
                            .thenComparing(StoredDocument::key));
        }
    }
}
