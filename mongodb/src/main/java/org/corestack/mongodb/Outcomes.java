package org.corestack.mongodb;

import com.mongodb.client.ClientSession;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.bson.BsonTimestamp;
import org.jspecify.annotations.Nullable;

/**
 * What became of transactions, of the latest of them: when a write in one is told, the moment of the commit is not known
 * yet, and only this process learns which it was. Of a transaction that it does not know it says what is sure: the
 * servers end one after a minute, unless they were told otherwise. Thread-safe.
 */
final class Outcomes {
    private static final int MOST = 10_000;
    /** The default of {@code transactionLifetimeLimitSeconds}. */
    private static final int LONGEST_SECONDS = 60;

    private final Map<Long, Outcome> latest = new LinkedHashMap<>(); // guarded by this
    private long next = ThreadLocalRandom.current().nextLong();

    /** One that begins now. */
    synchronized Outcome begin() {
        Outcome begun = new Outcome(next++, null, 0);
        keep(begun);
        return begun;
    }

    /** The transaction that a session of the caller's own is in. */
    @SuppressWarnings("ReferenceEquality") // one and the same session is meant
    synchronized Outcome of(ClientSession session) {
        long number = session.getServerSession().getTransactionNumber();
        for (Outcome known : latest.values()) {
            if (known.session == session && known.transaction == number) {
                return known;
            }
        }
        Outcome joined = new Outcome(next++, session, number);
        keep(joined);
        return joined;
    }

    private void keep(Outcome outcome) {
        latest.put(outcome.number, outcome);
        if (latest.size() > MOST) {
            latest.remove(latest.keySet().iterator().next());
        }
    }

    /** The place of a position, where it is in a transaction the place behind that; null if the transaction goes on. */
    @Nullable
    MongoPosition settle(MongoPosition position) {
        ResumeToken token = position.token();
        if (position.kind() != MongoPosition.Kind.UNDECIDED || token == null) {
            return position;
        }
        Outcome outcome;
        synchronized (this) {
            outcome = latest.get(token.number());
        }
        if (outcome == null) {
            BsonTimestamp begun = position.time();
            return MongoPosition.behind(
                    position.collection(), new BsonTimestamp(begun.getTime() + LONGEST_SECONDS, begun.getInc()));
        }
        BsonTimestamp end = outcome.end();
        return end == null ? null : MongoPosition.behind(position.collection(), end);
    }

    /** One transaction. Thread-safe. */
    static final class Outcome {
        private final long number;
        /** Where the caller began and ends it; null where this engine does. */
        private final @Nullable ClientSession session;

        private final long transaction;
        private volatile @Nullable BsonTimestamp end;

        private Outcome(long number, @Nullable ClientSession session, long transaction) {
            this.number = number;
            this.session = session;
            this.transaction = transaction;
        }

        long number() {
            return number;
        }

        /** It has ended, committed or not, by a moment. */
        void ended(BsonTimestamp by) {
            end = by;
        }

        boolean isKnown() {
            return end != null;
        }

        private @Nullable BsonTimestamp end() {
            BsonTimestamp known = end;
            if (known != null || session == null) {
                return known;
            }
            boolean goesOn =
                    session.hasActiveTransaction() && session.getServerSession().getTransactionNumber() == transaction;
            if (!goesOn) {
                end = session.getOperationTime();
            }
            return end;
        }
    }
}
