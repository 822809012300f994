package org.corestack.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.corestack.postgresql.Engines.c;
import static org.corestack.postgresql.Engines.keys;
import static org.corestack.postgresql.Engines.now;
import static org.corestack.postgresql.Engines.put;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Write;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.ChangeReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is PostgreSQL's of indexes. */
class IndexTest {
    private static final Index BY_V = Index.on(FieldPath.of("v"));

    private String database;
    private PostgresEngine engine;

    @BeforeEach
    void open() {
        database = Server.freshDatabase();
        engine = Engines.open(Server.uri(database));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    /** An index holds only the beginning of a long text. */
    @Test
    void aUniqueIndexTellsLongTextsApart() {
        c(engine).ensureIndexes(List.of(BY_V.asUnique()), Engines.soon());
        String begin = "x".repeat(5_000);
        put(c(engine), "a", begin + "a");
        put(c(engine), "b", begin + "b");
        Throwable taken = catchThrowable(() -> put(c(engine), "c", begin + "a"));
        assertThat(Engines.codeOf(taken)).as("%s", taken).isEqualTo(ErrorCode.ALREADY_EXISTS);
        assertThat(taken).hasMessageContaining("the unique index by-v ").hasMessageNotContaining("xxx");
    }

    /** The beginnings of many long texts are more than a row of an index takes. */
    @Test
    void whatIsTooLargeForAnIndexIsRefusedAndNamesNoValue() {
        FieldPath[] paths = new FieldPath[12];
        Document large = Document.empty();
        for (int i = 0; i < paths.length; i++) {
            paths[i] = FieldPath.of("f" + i);
            large = large.with("f" + i, "\u20ac".repeat(200));
        }
        Index wide = Index.on(paths).named("wide");
        Write there = new Write.Insert(Key.of("there"), large);
        Engines.write(c(engine), there);
        assertTooLarge(ErrorCode.FAILED_PRECONDITION, () -> c(engine).ensureIndexes(List.of(wide), Engines.soon()));
        c(engine).deleteAll(Filter.all(), Engines.soon());
        c(engine).ensureIndexes(List.of(wide), Engines.soon());
        assertTooLarge(ErrorCode.INVALID_ARGUMENT, () -> c(engine).write(there, Engines.soon()));
        assertThat(c(engine).find(there.key(), Engines.soon())).isEmpty();
    }

    private static void assertTooLarge(ErrorCode code, ThrowingCallable call) {
        Throwable refused = catchThrowable(call);
        assertThat(Engines.codeOf(refused)).as("%s", refused).isEqualTo(code);
        assertThat(refused)
                .hasMessageContaining("the index wide")
                .hasMessageContaining("too large")
                .hasMessageNotContaining("\u20ac");
    }

    /** Two replicas sweep; whichever does it, each deletion is in the log once. */
    @Test
    void whatExpiresIsDeletedOnceAndHeardOf() {
        c(engine).ensureIndexes(List.of(BY_V.expiring(Duration.ofSeconds(1))), Engines.soon());
        try (PostgresEngine other = Engines.open(Server.uri(database));
                ChangeReader reader = c(engine).changes().open(now(c(engine)))) {
            c(other).find(Key.of("any"), Engines.soon());
            put(c(engine), "k", Instant.now());
            assertThat(keys(reader)).containsExactly("k");
            await().until(() -> c(engine).find(Key.of("k"), Engines.soon()).isEmpty());
            assertThat(keys(reader)).containsExactly("k");
            assertThat(Server.query(database, "SELECT count(*) FROM s._corestack_log WHERE op = 3"))
                    .isEqualTo("1");
        }
    }
}
