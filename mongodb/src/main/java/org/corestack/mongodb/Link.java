package org.corestack.mongodb;

import com.mongodb.ClientSessionOptions;
import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCluster;
import com.mongodb.connection.ClusterType;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonTimestamp;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * The way to the servers, which all parts of an engine share. Thread-safe.
 *
 * <p>Feeds have connections of their own, so that many of them leave enough for reads and writes; they are opened with
 * the first feed. Where the client is the user's there are none but its own, and feeds get a part of them.
 */
final class Link implements Scope {
    private static final ClientSessionOptions CAUSAL =
            ClientSessionOptions.builder().causallyConsistent(true).build();
    /**
     * How many feeds are read at once over a client of the user's: half of the connections that the driver's pools have
     * by default. How many this one has the driver does not tell.
     */
    private static final int MOST_SHARED_FEEDS = 50;

    private final MongoClient client;
    private final Supplier<MongoClient> feedClients;
    private final boolean own;
    private final boolean sessions;
    private final ServerCheck check;
    private final String source;
    private final AtomicLong writes = new AtomicLong(ThreadLocalRandom.current().nextLong(1L << 40));
    /** The latest moment that this engine has written at: a read is of it or of a later one, whichever server answers. */
    private final AtomicReference<@Nullable BsonTimestamp> latest = new AtomicReference<>();

    private final Outcomes outcomes = new Outcomes();
    private final Semaphore sharedFeeds = new Semaphore(MOST_SHARED_FEEDS);
    private final Object lock = new Object();
    private @Nullable MongoClient feedClient; // guarded by lock
    private volatile boolean checked;
    private volatile boolean closed;

    /**
     * A way to servers.
     *
     * @param own whether the clients are closed with it
     * @param sessions whether the servers that the check lets through have sessions that see one moment
     */
    Link(
            MongoClient client,
            Supplier<MongoClient> feedClients,
            boolean own,
            ServerCheck check,
            boolean sessions,
            String source) {
        this.sessions = sessions;
        this.own = own;
        this.client = client;
        this.feedClients = feedClients;
        this.check = check;
        this.source = source;
    }

    /** The driver's client itself. */
    MongoClient client() {
        return client;
    }

    /** A client's servers, as they are to be asked whatever the client's own settings are. */
    static MongoCluster servers(MongoClient client) {
        return client.withCodecRegistry(MongoUri.CODECS)
                .withReadConcern(ReadConcern.MAJORITY)
                .withReadPreference(ReadPreference.primary());
    }

    /** Who writes, and a number that no other write of this source has: what tells one's own write from another's. */
    String mark() {
        return source + " " + Long.toString(writes.getAndIncrement(), Character.MAX_RADIX);
    }

    /** Runs one operation in a session of its own. */
    @Override
    public <T extends @Nullable Object> T run(Doing doing, Deadline deadline, Function<Call, T> work) {
        return run(client, doing, deadline, latest.get(), work);
    }

    /** Runs one operation over the connections of feeds, which sees at least what happened until a moment. */
    <T extends @Nullable Object> T runForFeed(
            Doing doing, Deadline deadline, @Nullable BsonTimestamp after, Function<Call, T> work) {
        return run(feeds(), doing, deadline, after, work);
    }

    private <T extends @Nullable Object> T run(
            MongoClient on, Doing doing, Deadline deadline, @Nullable BsonTimestamp after, Function<Call, T> work) {
        return translating(doing, deadline, () -> {
            try (ClientSession session = session(on, after)) {
                return work.apply(new Call(servers(on), session, deadline));
            }
        });
    }

    /** Runs what uses the driver in its own way, once the server is known to be one to work with. */
    @Override
    public <T extends @Nullable Object> T translating(Doing doing, Deadline deadline, Supplier<T> work) {
        deadline.check(doing.toString());
        if (closed) {
            throw closedError();
        }
        try {
            if (!checked) {
                check.check(client, deadline);
                checked = true;
            }
            return work.get();
        } catch (CoreException e) {
            throw e;
        } catch (RuntimeException e) {
            throw closed ? closedError() : MongoErrors.translate(e, doing, deadline, client);
        }
    }

    /** A session that reads nothing older than a moment. */
    private static ClientSession session(MongoClient on, @Nullable BsonTimestamp after) {
        ClientSession session = on.startSession(CAUSAL);
        session.advanceOperationTime(after);
        return session;
    }

    @Override
    public Call open(Deadline deadline, @Nullable BsonTimestamp after) {
        return new Call(servers(client), session(client, after), deadline);
    }

    @Override
    public void release(Call call) {
        call.session().close();
    }

    /** A session that sees what this engine has written. */
    ClientSession session() {
        return session(client, latest.get());
    }

    /** Whether the servers have transactions and snapshots; a stand-in in a test has not. */
    boolean hasSessions() {
        return sessions;
    }

    /** Whether all servers are of a version or a later one; asks one where none has said yet what it is. */
    boolean areAll(ServerVersion version, Deadline deadline) {
        if (ServerVersion.known(client).isEmpty()) {
            translating(
                    Doing.read("asking for the servers' version"),
                    deadline,
                    () -> client.getDatabase("admin")
                            .withTimeout(Call.millis(deadline), TimeUnit.MILLISECONDS)
                            .runCommand(new BsonDocument("ping", new BsonInt32(1)), BsonDocument.class));
        }
        return version.isThatOfAll(client);
    }

    /**
     * Whether lists of any length can be of one moment whose place in the changes is known: in replica sets of 5.0 and
     * later. What a moment is to the shards of a cluster has not been tried.
     */
    boolean hasExactSnapshots(Deadline deadline) {
        return sessions
                && areAll(ServerVersion.SNAPSHOT_SESSIONS, deadline)
                && client.getClusterDescription().getType() == ClusterType.REPLICA_SET;
    }

    /** What has become of the transactions of this engine. */
    Outcomes outcomes() {
        return outcomes;
    }

    /** Remembers the moment of a write that took place. */
    void wroteAt(BsonTimestamp time) {
        latest.accumulateAndGet(time, (old, now) -> old == null || (now != null && now.compareTo(old) > 0) ? now : old);
    }

    /**
     * Counts a feed that is read, until it is given back.
     *
     * @throws CoreException RESOURCE_EXHAUSTED if it would be one too many for the user's own client
     */
    void takeFeed(Doing doing) {
        if (!own && !sharedFeeds.tryAcquire()) {
            throw new CoreException(
                    ErrorCode.RESOURCE_EXHAUSTED,
                    doing + " needs a connection for itself, and " + MOST_SHARED_FEEDS
                            + " feeds are read over the given"
                            + " MongoClient already, whose connections reads and writes need too; a client that is opened"
                            + " by a URI has connections of their own for feeds");
        }
    }

    void giveFeedBack() {
        if (!own) {
            sharedFeeds.release();
        }
    }

    /** The driver's client for feeds. */
    MongoClient feeds() {
        synchronized (lock) {
            if (closed) {
                throw closedError();
            }
            if (feedClient == null) {
                feedClient = feedClients.get();
            }
            return feedClient;
        }
    }

    /** Asks the server anew, whatever was found before. */
    void checkHealth(Deadline deadline) {
        translating(Doing.read("the health check"), deadline, () -> {
            check.check(client, deadline);
            return true;
        });
    }

    private static CoreException closedError() {
        return CoreException.failedPrecondition("the store client is closed");
    }

    void close() {
        MongoClient feeds;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            feeds = feedClient;
        }
        if (!own) {
            return;
        }
        if (feeds != null) {
            feeds.close();
        }
        client.close();
    }
}
