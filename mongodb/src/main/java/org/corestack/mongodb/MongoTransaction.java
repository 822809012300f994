package org.corestack.mongodb;

import com.mongodb.MongoException;
import com.mongodb.MongoExecutionTimeoutException;
import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bson.BsonTimestamp;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.EngineTransaction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transaction of a session: all of it sees one snapshot, and a document that another has written since can't be written.
 *
 * <p>The server undoes a transaction with the first statement that fails. So what can be known before is looked at
 * before, and what fails all the same ends it. For one thread at a time.
 */
final class MongoTransaction implements EngineTransaction, Scope {
    private static final Logger LOG = LoggerFactory.getLogger(MongoTransaction.class);
    private static final Duration BETWEEN_COMMITS = Duration.ofMillis(20);

    private final Link link;
    private final MongoStore store;
    private final ClientSession session;
    private final boolean own;
    private final Outcomes.Outcome outcome;
    private final Map<String, EngineCollection> collections = new HashMap<>();
    private @Nullable MongoException undone;
    private boolean over;

    private MongoTransaction(
            Link link, MongoStore store, ClientSession session, boolean own, Outcomes.Outcome outcome) {
        this.link = link;
        this.store = store;
        this.session = session;
        this.own = own;
        this.outcome = outcome;
    }

    static MongoTransaction begin(Link link, MongoStore store, Deadline deadline) {
        return link.translating(Doing.read("beginning a transaction of " + store), deadline, () -> {
            ClientSession session = ReadMoment.inTransaction(link, deadline);
            return new MongoTransaction(
                    link, store, session, true, link.outcomes().begin());
        });
    }

    /** Within a transaction of the caller's own. */
    @SuppressWarnings("ReferenceEquality") // one and the same client is meant
    static MongoTransaction join(Link link, MongoStore store, ClientSession session) {
        if (session.getOriginator() instanceof MongoClient other && other != link.client()) {
            throw CoreException.invalidArgument("the session is of another MongoClient than the store " + store
                    + "; use one of the client's own: client.unwrap(MongoClient.class).startSession()");
        }
        if (!session.hasActiveTransaction()) {
            throw CoreException.failedPrecondition(
                    "the session has no transaction; begin one with startTransaction() before");
        }
        return new MongoTransaction(link, store, session, false, link.outcomes().of(session));
    }

    @Override
    public EngineCollection collection(String name) {
        return collections.computeIfAbsent(
                name, missing -> StoredCollection.in(this, link, store.named(missing), store.identity(missing)));
    }

    /** The place behind a write that was done last, once it is committed. */
    MongoPosition place(java.util.UUID collection, Call call) {
        return MongoPosition.undecided(collection, call.time(), outcome.number());
    }

    @Override
    public <T extends @Nullable Object> T run(Doing doing, Deadline deadline, Function<Call, T> work) {
        return translating(doing, deadline, () -> work.apply(open(deadline, null)));
    }

    @Override
    public <T extends @Nullable Object> T translating(Doing doing, Deadline deadline, Supplier<T> work) {
        checkOpen();
        return link.translating(doing, deadline, () -> {
            try {
                return work.get();
            } catch (MongoException e) {
                undone = e;
                throw e;
            }
        });
    }

    @Override
    public Call open(Deadline deadline, @Nullable BsonTimestamp after) {
        return new Call(Link.servers(link.client()), session, deadline);
    }

    @Override
    public void release(Call call) {
        // the session is the transaction's
    }

    private void checkOpen() {
        if (over || !session.hasActiveTransaction()) {
            throw CoreException.failedPrecondition("the transaction of " + store + " is over");
        }
        if (undone != null) {
            throw new CoreException(
                    ErrorCode.FAILED_PRECONDITION,
                    "the transaction of " + store + " was undone when a part of it failed: " + undone.getMessage(),
                    undone);
        }
    }

    @Override
    public void commit(Deadline deadline) {
        if (!own) {
            return;
        }
        checkOpen();
        Doing doing = new Doing("the commit of a transaction of " + store, true);
        link.translating(doing, deadline, () -> {
            commitUntilKnown(deadline);
            return true;
        });
        BsonTimestamp time = session.getOperationTime();
        if (time != null) {
            outcome.ended(time);
            link.wroteAt(time);
        }
    }

    /**
     * The same commit again where its answer was lost, as the servers know whether it took place. Never the work: it may
     * have taken effect.
     */
    private void commitUntilKnown(Deadline deadline) {
        while (true) {
            try {
                session.commitTransaction();
                return;
            } catch (MongoException e) {
                boolean late = e instanceof MongoExecutionTimeoutException
                        || e instanceof MongoOperationTimeoutException
                        || deadline.isExpired();
                if (late || !e.hasErrorLabel(MongoException.UNKNOWN_TRANSACTION_COMMIT_RESULT_LABEL)) {
                    throw e;
                }
                LOG.debug("the answer to a commit of a transaction of {} was lost; asking again", store, e);
                LockSupport.parkNanos(BETWEEN_COMMITS.toNanos());
            }
        }
    }

    @Override
    public boolean canRetry(RuntimeException failure) {
        MongoException cause = MongoErrors.cause(failure, MongoException.class);
        return cause != null
                && !cause.hasErrorLabel(MongoException.UNKNOWN_TRANSACTION_COMMIT_RESULT_LABEL)
                && (cause.hasErrorLabel(MongoException.TRANSIENT_TRANSACTION_ERROR_LABEL)
                        || MongoErrors.isKeyTaken(cause));
    }

    @Override
    public void close() {
        if (over) {
            return;
        }
        over = true;
        if (!own) {
            return;
        }
        try {
            session.close();
        } catch (RuntimeException e) {
            LOG.debug("a transaction of {} could not be undone; the servers do so by themselves", store, e);
        }
        BsonTimestamp time = session.getOperationTime();
        if (time != null && !outcome.isKnown()) {
            outcome.ended(time);
        }
    }
}
