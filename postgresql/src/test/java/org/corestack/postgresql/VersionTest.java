package org.corestack.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.corestack.postgresql.Engines.c;
import static org.corestack.postgresql.Engines.put;
import static org.corestack.postgresql.Engines.write;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Versions only grow, also where a write waits for another one. */
class VersionTest extends EngineTest {
    private static final Key K = Key.of("k");

    @BeforeEach
    void begin() {
        put(c(engine), "k", 0);
    }

    private void awaitBlocked() {
        await().until(() -> Server.query(
                        database,
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND wait_event_type = 'Lock'")
                .equals("1"));
    }

    @Test
    void anInsertThatWaitsForADeleteIsNewerThanAllThatCameMeanwhile() throws Exception {
        try (OpenTransaction other = new OpenTransaction(database)) {
            other.write(new Write.Delete(K, Condition.none()));
            Future<Written> waiting = threads.submit(() -> write(c(engine), new Write.Insert(K, Document.of("v", 1))));
            awaitBlocked();
            other.insert("k");
            Written deleted = other.write(new Write.Delete(K, Condition.none()));
            other.commit();
            assertThat(waiting.get(20, TimeUnit.SECONDS).version()).isGreaterThan(deleted.version());
        }
    }

    @Test
    void anUpdateThatWaitsForAnotherIsNewer() throws Exception {
        try (OpenTransaction other = new OpenTransaction(database)) {
            other.write(new Write.Replace(K, Document.of("v", 1), Condition.none()));
            Future<Written> waiting =
                    threads.submit(() -> write(c(engine), new Write.Replace(K, Document.of("v", 2), Condition.none())));
            awaitBlocked();
            Written last = other.write(new Write.Replace(K, Document.of("v", 3), Condition.none()));
            other.commit();
            assertThat(waiting.get(20, TimeUnit.SECONDS).version()).isGreaterThan(last.version());
        }
    }

    @Test
    void aDeleteThatWaitsForAnUpdateIsNewer() throws Exception {
        try (OpenTransaction other = new OpenTransaction(database)) {
            other.write(new Write.Replace(K, Document.of("v", 1), Condition.none()));
            Future<Written> waiting = threads.submit(() -> write(c(engine), new Write.Delete(K, Condition.none())));
            awaitBlocked();
            Written last = other.write(new Write.Replace(K, Document.of("v", 3), Condition.none()));
            other.commit();
            assertThat(waiting.get(20, TimeUnit.SECONDS).version()).isGreaterThan(last.version());
        }
    }

    @Test
    void aDocumentAndItsRowOfTheLogAreOfOneTransaction() {
        write(c(engine), new Write.Insert(Key.of("l"), Document.of("v", 1)));
        write(c(engine), new Write.Replace(K, Document.of("v", 1), Condition.none()));
        assertThat(Server.query(
                        database,
                        "SELECT count(*) FROM s.c JOIN s._corestack_log ON seq = version"
                                + " WHERE (xid::text::bigint % 4294967296)::text = c.xmin::text"))
                .isEqualTo("2");
    }

    @Test
    void aRolledBackWriteLeavesNoVersionBehind() throws Exception {
        try (OpenTransaction other = new OpenTransaction(database)) {
            other.write(new Write.Delete(K, Condition.none()));
        }
        assertThat(put(c(engine), "k", 5).version())
                .isEqualTo(Long.parseLong(Server.query(database, "SELECT max(seq) FROM s._corestack_log")));
    }
}
