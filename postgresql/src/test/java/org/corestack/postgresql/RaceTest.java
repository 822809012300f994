package org.corestack.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.corestack.postgresql.Engines.c;
import static org.corestack.postgresql.Engines.codeOf;
import static org.corestack.postgresql.Engines.put;
import static org.corestack.postgresql.Engines.soon;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.Write;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.EngineTransaction;
import org.corestack.store.spi.WriteResult;
import org.corestack.store.spi.WriteResult.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Writes that meet others half way. */
class RaceTest extends EngineTest {
    private static final Key K = Key.of("k");
    private static final FieldPath V = FieldPath.of("v");
    private static final Condition ALWAYS = Condition.none();

    @BeforeEach
    void begin() {
        put(c(engine), "k", 1);
    }

    static List<Write> writes() {
        Condition small = Condition.matching(Filter.compare(V, Operator.LT, 100));
        List<Write> writes = new ArrayList<>();
        for (Condition condition : List.of(ALWAYS, small)) {
            writes.add(new Write.Apply(K, Patch.increment(V, 1), condition, false));
            writes.add(new Write.Merge(K, Document.of("v", 3), Set.of(), condition));
            writes.add(new Write.Replace(K, Document.of("v", 3), condition));
            writes.add(new Write.Delete(K, condition));
        }
        return writes;
    }

    @ParameterizedTest
    @MethodSource("writes")
    void aDocumentThatAnotherDeletesAndPutsBackIsThere(Write write) throws Exception {
        try (OpenTransaction open = new OpenTransaction(database)) {
            open.write(new Write.Delete(K, ALWAYS));
            open.write(new Write.Insert(K, Document.of("v", 2)));
            Future<WriteResult> result = threads.submit(() -> c(engine).write(write, soon()));
            Held.awaitBlocked(database, 1);
            open.commit();
            assertThat(result.get(20, TimeUnit.SECONDS).status()).isEqualTo(Status.APPLIED);
        }
        assertThat(c(engine).find(K, soon()).map(found -> found.document().get("v")))
                .isEqualTo(write instanceof Write.Delete ? java.util.Optional.empty() : java.util.Optional.of(3));
    }

    /** The statement is worked out anew on the document that the other left, the types of its numbers included. */
    @Test
    void anUpdateThatWaitedChangesWhatTheOtherLeft() throws Exception {
        List<Document> documents =
                List.of(Document.of("v", 1, "w", 2), Document.of("v", 1L, "w", 2L), Document.of("v", 1, "w", 2L));
        for (Document before : documents) {
            for (Document left : documents) {
                for (Object set : List.of(7, 7L)) {
                    c(engine).write(new Write.Replace(K, before, ALWAYS), soon());
                    Document found = foundAfter(left, new Write.Merge(K, Document.of("v", set), Set.of(), ALWAYS));
                    assertThat(found.get("v")).isEqualTo(set);
                    assertThat(found.get("w")).isEqualTo(left.get("w"));
                }
            }
        }
    }

    private Document foundAfter(Document left, Write write) throws Exception {
        try (OpenTransaction open = new OpenTransaction(database)) {
            open.write(new Write.Replace(K, left, ALWAYS));
            Future<WriteResult> result = threads.submit(() -> c(engine).write(write, soon()));
            Held.awaitBlocked(database, 1);
            open.commit();
            assertThat(result.get(20, TimeUnit.SECONDS).status()).isEqualTo(Status.APPLIED);
        }
        return c(engine).find(K, soon()).orElseThrow().document();
    }

    @Test
    void aConditionThatNoLongerHoldsIsAConflictAndWhatIsGoneIsNotFound() throws Exception {
        Condition old = Condition.matching(Filter.compare(V, Operator.EQ, 1));
        try (OpenTransaction open = new OpenTransaction(database)) {
            open.write(new Write.Delete(K, ALWAYS));
            open.write(new Write.Insert(K, Document.of("v", 2)));
            Future<WriteResult> result = threads.submit(() -> c(engine).write(new Write.Delete(K, old), soon()));
            Held.awaitBlocked(database, 1);
            open.commit();
            assertThat(result.get(20, TimeUnit.SECONDS).status()).isEqualTo(Status.CONFLICT);
        }
        try (OpenTransaction open = new OpenTransaction(database)) {
            open.write(new Write.Delete(K, ALWAYS));
            Future<WriteResult> result =
                    threads.submit(() -> c(engine).write(new Write.Apply(K, Patch.set(V, 1), ALWAYS, false), soon()));
            Held.awaitBlocked(database, 1);
            open.commit();
            assertThat(result.get(20, TimeUnit.SECONDS).status()).isEqualTo(Status.NOT_FOUND);
        }
    }

    @Test
    void aWriteThatLosesADeadlockIsDoneAgain() throws Exception {
        try (OpenTransaction open = new OpenTransaction(database)) {
            open.write(new Write.Apply(K, Patch.set(V, 2), ALWAYS, false)); // has the row
            Future<WriteResult> single = threads.submit(() -> c(engine).write(new Write.Delete(K, ALWAYS), soon()));
            Held.awaitBlocked(database, 1); // has the key and waits for the row
            open.write(new Write.Apply(K, Patch.set(V, 3), ALWAYS, false));
            open.write(new Write.Delete(K, ALWAYS)); // waits for the key, until the other has lost
            open.commit();
            assertThat(single.get(20, TimeUnit.SECONDS).status()).isEqualTo(Status.NOT_FOUND);
        }
    }

    @Test
    void aTransactionMakesItsCollectionWhereThePoolIsUsedUp() {
        try (PostgresEngine small = Engines.open(Server.uri(database) + "?pool=1");
                EngineTransaction open = small.store("fresh").begin(soon())) {
            WriteResult result = open.collection("c").write(new Write.Insert(K, Document.of("v", 1)), soon());
            assertThat(result.status()).isEqualTo(Status.APPLIED);
            open.commit(soon());
            assertThat(small.store("fresh").collection("c").find(K, soon())).isPresent();
        }
    }

    @Test
    void ofStoresThatDifferInCaseOnlyOneComesIntoBeing() throws Exception {
        for (int round = 0; round < 8; round++) {
            List<String> names = round == 0 ? List.of("pg_x", "PG_x") : List.of("Shop" + round, "shop" + round);
            CyclicBarrier together = new CyclicBarrier(2);
            List<Future<ErrorCode>> ends = new ArrayList<>();
            for (String name : names) {
                ends.add(threads.submit(() -> {
                    together.await();
                    Throwable error =
                            catchThrowable(() -> put(engine.store(name).collection("c"), "k", 1));
                    return error == null ? null : codeOf(error);
                }));
            }
            List<Object> codes = new ArrayList<>();
            for (Future<ErrorCode> end : ends) {
                codes.add(String.valueOf(end.get(20, TimeUnit.SECONDS)));
            }
            assertThat(codes).as("%s", names).containsExactlyInAnyOrder("null", "FAILED_PRECONDITION");
        }
    }

    @Test
    void theErrorOfAUniqueIndexNamesItInFull() {
        String longName = "by-customerEmailAddressNormalised-tenant";
        for (String collection : List.of("d", "customer_delivery_addresses", "c".repeat(48))) {
            var named = engine.store("s").collection(collection);
            named.ensureIndexes(List.of(Index.on(V).asUnique().named(longName)), soon());
            put(named, "one", 1);
            Throwable taken = catchThrowable(() -> put(named, "other", 1));
            assertThat(codeOf(taken)).isEqualTo(ErrorCode.ALREADY_EXISTS);
            assertThat(taken).hasMessageContaining("the unique index " + longName + " has");
            WriteResult bulk = named.writeAll(List.of(new Write.Insert(Key.of("third"), Document.of("v", 1))), soon())
                    .get(0);
            assertThat(Objects.requireNonNull(bulk.failure())).hasMessageContaining("the unique index " + longName);
        }
    }

    @Test
    void tooManyValuesAreRefused() {
        List<Filter> many = new ArrayList<>();
        for (int i = 0; i < 70_000; i++) {
            many.add(Filter.compare(V, Operator.EQ, i));
        }
        Throwable error = catchThrowable(() -> c(engine)
                .find(new Filter.Or(many), org.corestack.document.FindOptions.ofDefaults())
                .next(org.corestack.store.spi.Deadline.in(Duration.ofSeconds(60))));
        assertThat(codeOf(error)).as("%s", error).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }
}
