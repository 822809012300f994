package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Write;
import org.corestack.errors.ErrorCode;
import org.corestack.sql.FilterSql;
import org.corestack.sql.JsonCodec;
import org.corestack.sql.SqlPart;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sqlite.SQLiteDataSource;

/** Many documents are deleted in batches, and others write between them. */
class DeletionTest {
    private static final int COUNT = Deletion.KEYS_AT_ONCE + 700;

    private Engine engine;
    private EngineCollection collection;

    @BeforeEach
    void fill() {
        engine = Engines.open("sqlite::memory:");
        collection = engine.store("s").collection("c");
        List<Write> writes = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            writes.add(new Write.Insert(Key.of(i), Document.of("a", i % 2)));
            if (writes.size() == 5_000 || i == COUNT - 1) {
                collection.writeAll(writes, Engines.soon());
                writes.clear();
            }
        }
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void allThatMatchAreDeletedAndLoggedOnce() {
        assertThat(collection.deleteAll(Filter.compare(FieldPath.of("a"), Operator.EQ, 1), Engines.soon()))
                .isEqualTo(COUNT / 2);
        assertThat(collection.deleteAll(Filter.all(), Engines.soon())).isEqualTo(COUNT - COUNT / 2);
        assertThat(collection.deleteAll(Filter.all(), Engines.soon())).isZero();
        assertThat(Engines.column(engine, "SELECT count(DISTINCT key) FROM corestack_log WHERE op = 3"))
                .containsExactly(COUNT);
        assertThat(engine.store("s").collection("absent").deleteAll(Filter.all(), Engines.soon()))
                .isZero();
    }

    @Test
    void othersWriteBetweenTheBatches() throws Exception {
        EngineCollection others = engine.store("s").collection("others");
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> writing = thread.submit(() -> {
                for (int i = 0; !over.get(); i++) {
                    Engines.write(others, new Write.Insert(Key.of(i), Document.empty()));
                }
            });
            // Fewer than are looked for at once.
            collection.deleteAll(Filter.compare(FieldPath.of("a"), Operator.EQ, 0), Engines.soon());
            over.set(true);
            writing.get();
        } finally {
            thread.shutdownNow();
        }
        assertThat((Integer) Engines.column(
                                engine,
                                "SELECT count(*) FROM corestack_log WHERE op = 1"
                                        + " AND seq > (SELECT min(seq) FROM corestack_log WHERE op = 3)"
                                        + " AND seq < (SELECT max(seq) FROM corestack_log WHERE op = 3)")
                        .get(0))
                .isPositive();
    }

    @Test
    void whatTheDeadlineLeavesStays() {
        Engines.fails(
                ErrorCode.DEADLINE_EXCEEDED,
                () -> collection.deleteAll(Filter.all(), Deadline.in(Duration.ofMillis(15))));
        int left =
                Engines.list(collection, Filter.all(), FindOptions.ofDefaults()).size();
        assertThat(Engines.column(engine, "SELECT count(*) FROM corestack_log WHERE op = 3"))
                .containsExactly(COUNT - left);
    }

    @Test
    void aBatchLooksAtItsOwnKeysAlone() throws SQLException {
        FieldPath path = FieldPath.of("a");
        collection.ensureIndexes(List.of(Index.on(path)), Engines.soon());
        SqlPart condition =
                new FilterSql(new SqliteDialect(new JsonCodec()), Filter.compare(path, Operator.EQ, 1)).condition();
        SqlPart statement =
                Deletion.statement(new CollectionName("s", "c"), condition, List.of(1, "a", 5L, new byte[] {1}));
        assertThat(Plans.of(engine.unwrap(SQLiteDataSource.class).orElseThrow(), statement))
                .contains("SEARCH s.c USING INDEX sqlite_autoindex_s.c_1 (key=?)")
                .doesNotContain("by-");
    }
}
