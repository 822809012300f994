package org.corestack.mongodb;

import com.mongodb.ClientSessionOptions;
import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.TransactionOptions;
import com.mongodb.client.ClientSession;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bson.BsonTimestamp;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * Reads that all see one moment: a snapshot session, which servers of 5.0 and later have, or else a transaction that is
 * undone. For one thread at a time.
 */
final class ReadMoment implements Scope, AutoCloseable {
    private final Link link;
    private final ClientSession session;

    private ReadMoment(Link link, ClientSession session) {
        this.link = link;
        this.session = session;
    }

    static ReadMoment of(Link link, Deadline deadline) {
        return ServerVersion.SNAPSHOT_SESSIONS.isThatOfAll(link.client())
                ? inSession(link)
                : new ReadMoment(link, inTransaction(link, deadline));
    }

    /** In a snapshot session; not for servers that have none. */
    static ReadMoment inSession(Link link) {
        ClientSessionOptions options =
                ClientSessionOptions.builder().snapshot(true).build();
        return new ReadMoment(link, link.client().startSession(options));
    }

    /** A session of ours in a transaction that sees one snapshot; to be closed. */
    static ClientSession inTransaction(Link link, Deadline deadline) {
        ClientSession session = link.session();
        try {
            session.startTransaction(TransactionOptions.builder()
                    .readConcern(ReadConcern.SNAPSHOT)
                    .readPreference(ReadPreference.primary())
                    .timeout(Call.millis(deadline), TimeUnit.MILLISECONDS)
                    .build());
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
        return session;
    }

    @Override
    public <T extends @Nullable Object> T run(Doing doing, Deadline deadline, Function<Call, T> work) {
        return link.translating(doing, deadline, () -> work.apply(open(deadline, null)));
    }

    @Override
    public <T extends @Nullable Object> T translating(Doing doing, Deadline deadline, Supplier<T> work) {
        return link.translating(doing, deadline, work);
    }

    @Override
    public Call open(Deadline deadline, @Nullable BsonTimestamp after) {
        return new Call(Link.servers(link.client()), session, deadline);
    }

    @Override
    public void release(Call call) {
        // the session is that of all reads
    }

    /** The moment, which a snapshot session has once something was read in it; else null. */
    @Nullable
    BsonTimestamp time() {
        return session.getSnapshotTimestamp();
    }

    @Override
    public void close() {
        session.close();
    }
}
