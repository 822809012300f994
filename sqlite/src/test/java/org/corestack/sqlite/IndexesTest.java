package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Sort;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.WriteResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Indexes that do more than serve, and what stands in their way. */
class IndexesTest {
    private static final FieldPath A = FieldPath.of("a");
    private static final FieldPath B = FieldPath.of("b");

    private Engine engine;
    private EngineCollection collection;
    private int keys;

    @BeforeEach
    void open() {
        engine = Engines.open("sqlite::memory:");
        collection = engine.store("s").collection("c");
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private void ensure(Index... indexes) {
        collection.ensureIndexes(List.of(indexes), Engines.soon());
    }

    private void insert(Document document) {
        Engines.write(collection, new Write.Insert(Key.of(keys++), document));
    }

    private CoreException refused(Document document) {
        long rows = logged();
        CoreException error = Engines.fails(
                ErrorCode.ALREADY_EXISTS,
                () -> collection.write(new Write.Insert(Key.of("refused"), document), Engines.soon()));
        assertThat(collection.find(Key.of("refused"), Engines.soon())).isEmpty();
        assertThat(logged()).isEqualTo(rows);
        return error;
    }

    private long logged() {
        return ((Number) Engines.column(engine, "SELECT count(*) FROM corestack_log")
                        .get(0))
                .longValue();
    }

    @Test
    void aUniqueIndexHoldsValuesThatAreEqualWhateverTheirType() {
        ensure(Index.on(A).named("one").asUnique());
        List<Object> different = List.of(
                1,
                2L,
                1.5,
                new BigDecimal("0.1"),
                0.1,
                true,
                false,
                "1",
                "true",
                "a",
                "A",
                "{\"$t\":\"1970-01-01T00:00:00.000Z\"}",
                Instant.EPOCH,
                new UUID(1, 2),
                "\"$u\"");
        different.forEach(value -> insert(Document.of("a", value)));
        for (Object equal : List.of(
                1L,
                1.0,
                new BigDecimal("1.00"),
                2.0,
                new BigDecimal("1.5"),
                new BigDecimal("0.10"),
                true,
                "a",
                Instant.EPOCH,
                new UUID(1, 2))) {
            assertThat(refused(Document.of("a", equal)))
                    .as("%s", equal)
                    .hasMessageContaining("unique index one")
                    .hasMessageStartingWith("the insert of 'refused' in s.c failed");
        }
    }

    @Test
    void aUniqueIndexDoesNotCountWhatIsMissing() {
        ensure(Index.on(A, B).asUnique());
        for (Document document :
                List.of(Document.empty(), Document.of("a", 1), Document.of("b", 1), Document.of("a", 1, "b", null))) {
            insert(document);
            insert(document);
        }
        insert(Document.of("a", 1, "b", 1));
        insert(Document.of("a", 1, "b", 2));
        refused(Document.of("a", 1.0, "b", 2L));
    }

    @Test
    void aUniqueIndexForbidsChangesToo() {
        ensure(Index.on(A).asUnique());
        insert(Document.of("a", 1));
        insert(Document.of("a", 2));
        Engines.fails(
                ErrorCode.ALREADY_EXISTS,
                () -> collection.write(
                        new Write.Replace(Key.of(1), Document.of("a", 1L), Condition.none()), Engines.soon()));
        List<WriteResult> results = collection.writeAll(
                List.of(
                        new Write.Insert(Key.of("x"), Document.of("a", 3)),
                        new Write.Insert(Key.of("y"), Document.of("a", 3.0)),
                        new Write.Insert(Key.of("z"), Document.of("a", 4))),
                Engines.soon());
        assertThat(results)
                .extracting(WriteResult::status)
                .containsExactly(WriteResult.Status.APPLIED, WriteResult.Status.FAILED, WriteResult.Status.APPLIED);
        assertThat(results.get(1).failure())
                .isNotNull()
                .extracting(CoreException::code)
                .isEqualTo(ErrorCode.ALREADY_EXISTS);
    }

    @Test
    void whatIsThereForbidsAUniqueIndex() {
        insert(Document.of("a", 1));
        insert(Document.of("a", 1.0));
        CoreException error = Engines.fails(
                ErrorCode.FAILED_PRECONDITION,
                () -> ensure(Index.on(B), Index.on(A).asUnique()));
        assertThat(error).hasMessageContaining("by-a").hasMessageContaining("equal values");
        assertThat(Engines.column(engine, "SELECT name FROM corestack_index")).isEmpty();
        assertThat(Engines.column(engine, "SELECT name FROM sqlite_schema WHERE name LIKE 's.c:%'"))
                .isEmpty();
        ensure(Index.on(A));
    }

    @Test
    void definitionsClashByNameAndByPaths() {
        Index index = Index.on(A, B);
        ensure(index);
        ensure(index, index);
        ensure(index.named("other"));
        ensure(Index.of(List.of(new Sort.Term(A, false), new Sort.Term(B, true))));
        for (Index clashing : List.of(
                Index.on(A).named(index.name()),
                index.named(index.name().toUpperCase(Locale.ROOT)),
                index.asUnique(),
                index.asSparse(),
                index.named("another").asUnique(),
                index.named("another").asSparse())) {
            assertThat(Engines.fails(ErrorCode.ALREADY_EXISTS, () -> ensure(clashing)))
                    .hasMessageContaining(clashing.name());
        }
        ensure(Index.on(A).expiring(Duration.ofHours(1)));
        Engines.fails(ErrorCode.ALREADY_EXISTS, () -> ensure(Index.on(A)));
        Engines.fails(ErrorCode.ALREADY_EXISTS, () -> ensure(Index.on(A).expiring(Duration.ofHours(2))));
    }

    @Test
    void oneCallMakesAllOrNone() {
        ensure(Index.on(B).named("taken"));
        Engines.fails(
                ErrorCode.ALREADY_EXISTS,
                () -> ensure(Index.on(A), Index.on(A, B).named("taken")));
        assertThat(Engines.column(engine, "SELECT name FROM corestack_index")).containsExactly("taken");
    }

    @Test
    void sparseIndexesLeaveOutNothingThatIsAskedFor() {
        ensure(Index.on(A).asSparse(), Index.on(A, B).asSparse());
        for (Object value : Arrays.asList(1, "x", null, true, Instant.EPOCH, List.of(1))) {
            insert(Document.of("a", value));
        }
        insert(Document.empty());
        insert(Document.of("b", 1));
        for (Filter filter : List.of(
                Filter.compare(A, Filter.Operator.EQ, null),
                Filter.compare(A, Filter.Operator.EQ, 1),
                Filter.compare(A, Filter.Operator.GTE, "a"),
                Filter.compare(A, Filter.Operator.EQ, 1).not(),
                new Filter.Exists(A),
                new Filter.Exists(A).not(),
                Filter.all())) {
            List<StoredDocument> expected = Engines.list(collection, Filter.all(), FindOptions.ofDefaults()).stream()
                    .filter(stored -> filter.matches(stored.key(), stored.document()))
                    .toList();
            for (Sort sort :
                    List.of(Sort.byKey(), Sort.ascending(A), Sort.ascending(A).then(Sort.ascending(B)))) {
                assertThat(Engines.list(collection, filter, FindOptions.sortBy(sort)))
                        .as("%s by %s", filter, sort)
                        .hasSameElementsAs(expected)
                        .hasSameSizeAs(expected);
            }
        }
    }
}
