package org.corestack.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.corestack.postgresql.Engines.C;
import static org.corestack.postgresql.Engines.LONG;
import static org.corestack.postgresql.Engines.c;
import static org.corestack.postgresql.Engines.now;
import static org.corestack.postgresql.Engines.soon;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.corestack.document.Change;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.Sort;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.ChangeReader.Batch;
import org.corestack.store.spi.ChangeReader.Content;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.EngineCollection;
import org.corestack.testkit.NoThreadsLeft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** However small the documents before were, no page of large ones fills the memory. */
@ExtendWith(NoThreadsLeft.class)
class LargePagesTest {
    private static final int SMALL = 400;
    private static final int LARGE = 24;
    private static final int SIZE = 1 << 20;
    private static final long MOST = (4L << 20) + SIZE + 10_000;

    private PostgresEngine engine;

    @BeforeEach
    void open() {
        engine = Engines.open(Server.uri(Server.freshDatabase()));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    /** Small ones, then large ones: some that are much smaller on the disk, and some that are not. */
    private void fill() {
        Random random = new Random(7);
        List<Write> writes = new ArrayList<>();
        for (int i = 0; i < SMALL + LARGE; i++) {
            StringBuilder text = new StringBuilder(i >= SMALL && i % 3 == 0 ? "x".repeat(SIZE) : "");
            while (i >= SMALL && text.length() < SIZE) {
                StringBuilder block = new StringBuilder();
                for (int j = 0; j < 512; j++) {
                    block.append((char) ('#' + random.nextInt(50)));
                }
                text.append(block.toString().repeat(i % 3 == 1 ? 6 : 1));
            }
            writes.add(new Write.Insert(Key.of(i), Document.of("n", i, "text", text.toString())));
        }
        assertThat(c(engine).writeAll(writes, soon())).allMatch(result -> result.written() != null);
    }

    private static long size(Document document) {
        return document.get("text", String.class).length();
    }

    private List<Object> list(FindOptions options) {
        List<Object> keys = new ArrayList<>();
        try (Cursor cursor = c(engine).find(Filter.all(), options)) {
            List<StoredDocument> page = cursor.next(soon());
            while (!page.isEmpty()) {
                assertThat(page.stream()
                                .mapToLong(found -> size(found.document()))
                                .sum())
                        .isLessThan(MOST);
                page.forEach(found -> keys.add(found.document().get("n")));
                page = cursor.next(soon());
            }
        }
        return keys;
    }

    @Test
    void aListIsReadInPagesOfABoundedSize() {
        fill();
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < SMALL + LARGE; i++) {
            all.add(i);
        }
        assertThat(list(FindOptions.ofDefaults())).isEqualTo(all);
        assertThat(list(FindOptions.sortBy(Sort.ascending(FieldPath.of("n"))))).isEqualTo(all);
        assertThat(list(FindOptions.ofDefaults().skip(SMALL - 5).limit(15)))
                .isEqualTo(all.subList(SMALL - 5, SMALL + 10));
    }

    @Test
    void aFeedIsReadInPagesOfABoundedSize() {
        Engines.write(c(engine), new Write.Insert(Key.of("first"), Document.of("text", "")));
        Position start = now(c(engine));
        fill();
        Engines.write(c(engine), new Write.Delete(Key.of(SMALL + 3), Condition.none()));
        List<Object> keys = new ArrayList<>();
        try (ChangeReader reader = c(engine).changes().open(start)) {
            while (keys.size() < SMALL + LARGE + 1) {
                Batch batch = (Batch) reader.next(C, LONG);
                long size = batch.changes().stream()
                        .mapToLong(change -> change.change().document() == null
                                ? 0
                                : size(change.change().document()))
                        .sum();
                assertThat(size).isLessThan(MOST);
                batch.changes().forEach(change -> keys.add(change.change().key().value()));
            }
        }
        List<Object> expected = new ArrayList<>();
        for (long i = 0; i < SMALL + LARGE; i++) {
            expected.add(i);
        }
        expected.add((long) SMALL + 3);
        assertThat(keys).isEqualTo(expected);
    }

    /** The keys of changes up to a number of them, of a feed no page of which has too much. */
    private List<Object> feed(Position start, Map<String, Content> interest, int count) {
        List<Object> keys = new ArrayList<>();
        try (ChangeReader reader = c(engine).changes().open(start)) {
            while (keys.size() < count) {
                List<Change> changes = ((Batch) reader.next(interest, LONG))
                        .changes().stream()
                                .map(ChangeReader.CollectionChange::change)
                                .toList();
                assertThat(changes.stream()
                                .flatMap(change -> Stream.of(change.before(), change.document()))
                                .filter(Objects::nonNull)
                                .mapToLong(LargePagesTest::size)
                                .sum())
                        .isLessThan(MOST + SIZE);
                changes.forEach(change -> keys.add(change.key().value()));
            }
        }
        return keys;
    }

    @Test
    void imagesAreReadInPagesOfABoundedSize() {
        c(engine).keepImages(true, soon());
        Position start = now(c(engine));
        fill();
        List<Object> expected = new ArrayList<>();
        for (long i = 0; i < SMALL + LARGE; i++) {
            expected.add(i);
        }
        for (long i = SMALL + 1; i < SMALL + LARGE; i += 2) {
            Engines.write(c(engine), new Write.Upsert(Key.of(i), Document.of("m", 1), Set.of()));
            expected.add(i);
        }
        assertThat(feed(start, Map.of("c", Content.IMAGES), expected.size())).isEqualTo(expected);
    }

    /** The documents of one fill a page in the middle of a chunk, before which there are changes with images of another. */
    @Test
    void aPageThatIsCutKeepsTheImagesOfAnother() {
        EngineCollection imaged = engine.store("s").collection("imaged");
        imaged.keepImages(true, soon());
        Engines.write(c(engine), new Write.Insert(Key.of("first"), Document.of("text", "")));
        Position start = now(c(engine));
        List<Object> expected = new ArrayList<>();
        for (long i = 0; i < 12; i++) {
            Key key = Key.of(i);
            Document document = Document.of("text", "x".repeat(i % 2 == 0 ? 1 : SIZE));
            Engines.write(i % 2 == 0 ? imaged : c(engine), new Write.Insert(key, document));
            expected.add(i);
        }
        assertThat(feed(start, Map.of("c", Content.LATEST, "imaged", Content.IMAGES), 12))
                .isEqualTo(expected);
    }
}
