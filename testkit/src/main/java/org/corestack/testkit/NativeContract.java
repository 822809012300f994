package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Index;
import org.corestack.document.Patch;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.errors.ErrorCode;
import org.corestack.store.ClientOptions;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;
import org.corestack.store.Watch;
import org.corestack.store.WatchOptions;
import org.corestack.testkit.NativeAccess.NativeTransaction;
import org.junit.jupiter.api.Test;

/** Clients on the user's own handles, and transactions that the user has begun on them. */
abstract class NativeContract extends IsolationContract {
    private NativeAccess access() {
        return nativeAccess().orElseThrow();
    }

    @Test
    @Need.Of(Need.OWN_HANDLES)
    void aClientOnTheUsersOwnHandleLeavesItOpen() throws Exception {
        Written written = things().insert(key("a"), doc("n", 1));
        Object handle = access().handle(client());
        try {
            for (int times = 0; times < 2; times++) {
                ClientOptions options =
                        ClientOptions.ofDefaults().withSource("own").withTimeout(PATIENCE);
                try (StoreClient own = StoreClient.on(handle, options)) {
                    assertThat(own.source()).isEqualTo("own");
                    assertThat(own.capabilities()).isEqualTo(capabilities());
                    own.healthCheck();
                    assertThat(thingsOf(own).find(key("a")))
                            .contains(new StoredDocument(key("a"), doc("n", 1), written.version()));
                    thingsOf(own).upsert(key("b"), doc("n", times), Set.of());
                }
            }
            assertThat(things().find(key("b")).orElseThrow().document()).isEqualTo(doc("n", 1));
        } finally {
            if (handle instanceof AutoCloseable closeable) {
                closeable.close();
            }
        }
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> StoreClient.on(new Object(), ClientOptions.ofDefaults()));
    }

    @Test
    @Need.Of(Need.OWN_TRANSACTIONS)
    void whatIsDoneInTheUsersTransactionEndsWithIt() {
        things().insert(key("a"), doc("n", 1));
        Heard heard = new Heard();
        Written written;
        try (Watch watch = things().watch(WatchOptions.ofDefaults(), heard)) {
            try (NativeTransaction own = access().begin(client())) {
                store().inTransaction(
                                own.handle(),
                                transaction -> transaction
                                        .collection("things")
                                        .patch(key("a"), Patch.increment(FieldPath.of("n"), 1), ALWAYS));
                written = store().inTransaction(own.handle(), transaction -> {
                    StoreCollection inside = transaction.collection("things");
                    assertThat(inside.find(key("a")).orElseThrow().document()).isEqualTo(doc("n", 2));
                    inside.writeAll(List.of(new Write.Insert(key("b"), Document.empty())));
                    return transaction.collection("others").insert(key("a"), doc("n", 3));
                });
                assertThat(things().find(key("a")).orElseThrow().document()).isEqualTo(doc("n", 1));
                assertThat(things().find(key("b"))).isEmpty();
                Await.pause(Duration.ofMillis(60)); // a chance for what is wrong to show
                assertThat(heard.changes).isEmpty();
                own.commit();
            }
            heard.awaitChanges(2);
            awaitThat("the watch covers the commit", () -> watch.covers(written.position()));
        }
        assertThat(heard.told()).containsExactly("UPDATE a", "INSERT b");
        assertThat(things().find(key("a")).orElseThrow().document()).isEqualTo(doc("n", 2));
        assertThat(store().collection("others").find(key("a")).orElseThrow().version())
                .isEqualTo(written.version());
    }

    @Test
    @Need.Of(Need.OWN_TRANSACTIONS)
    void whatTheUserRollsBackWasNotDone() {
        long version = things().insert(key("a"), doc("n", 1)).version();
        things().ensureIndex(Index.on(FieldPath.of("n")));
        try (NativeTransaction own = access().begin(client())) {
            IllegalStateException error = new IllegalStateException("the work failed");
            ErrorCode code = codeOf(() -> store().inTransaction(own.handle(), transaction -> {
                transaction.collection("things").delete(key("a"), ALWAYS);
                throw error;
            }));
            assertThat(code).isEqualTo(ErrorCode.of(error));
            own.rollback();
            ErrorCode ended = codeOf(() -> store().inTransaction(
                            own.handle(),
                            transaction -> transaction.collection("things").count(Filter.all())));
            assertThat(ended).isEqualTo(ErrorCode.FAILED_PRECONDITION);
        }
        assertThat(things().find(key("a"))).contains(new StoredDocument(key("a"), doc("n", 1), version));
        assertThat(things().delete(key("a"), ALWAYS).orElseThrow().version()).isGreaterThan(version);
    }
}
