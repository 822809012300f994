package org.corestack.mongodb;

import java.util.List;
import org.bson.BsonTimestamp;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A list by key as of one moment, read in a snapshot session. The servers keep a moment for five minutes, unless they are
 * told otherwise. A list that takes longer goes on, once, behind the last document that was given, with what there is by
 * then, which is never older than the moment: so a watch from behind the moment tells all that it leaves out.
 */
final class SnapshotCursor implements Cursor {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotCursor.class);
    /** A moment is refused for a while behind a change of the catalog, and by most versions always of a capped collection. */
    private static final int MOST_MOMENTS = 2;

    private final Link link;
    private final CollectionName name;
    private final Filter filter;
    private final ReadMoment moment;
    private final BsonTimestamp time;
    private final Object lock = new Object();
    private ListCursor list; // guarded by lock
    private boolean closed; // guarded by lock
    private boolean late;
    private @Nullable Key last;

    private SnapshotCursor(
            Link link, CollectionName name, Filter filter, ReadMoment moment, BsonTimestamp time, ListCursor list) {
        this.link = link;
        this.name = name;
        this.filter = filter;
        this.moment = moment;
        this.time = time;
        this.list = list;
    }

    /**
     * A list whose first documents the servers have been asked for, with which they choose its moment.
     *
     * @param after what the moment must not be before, as it is where a new primary does not know yet what was confirmed
     * @return null where the servers can't read as of a moment
     */
    static @Nullable SnapshotCursor open(
            Link link, CollectionName name, Filter filter, BsonTimestamp after, Deadline deadline) {
        if (!link.hasExactSnapshots(deadline)) {
            return null;
        }
        Doing doing = Doing.read("choosing a moment of " + name);
        for (int moments = 0; moments < MOST_MOMENTS; moments++) {
            ReadMoment moment = link.translating(doing, deadline, () -> ReadMoment.inSession(link));
            ListCursor list = new ListCursor(moment, name, filter, FindOptions.ofDefaults(), null);
            BsonTimestamp time = begin(moment, list, deadline);
            if (time != null && time.compareTo(after) >= 0) {
                return new SnapshotCursor(link, name, filter, moment, time, list);
            }
            list.close();
            moment.close();
        }
        LOG.info("the servers have no moment for a list of {} at present: it is read with later states", name);
        return null;
    }

    /** The moment that the servers chose; null where they have none. */
    private static @Nullable BsonTimestamp begin(ReadMoment moment, ListCursor list, Deadline deadline) {
        try {
            list.begin(deadline);
            return moment.time();
        } catch (CoreException e) {
            if (!MongoErrors.isMomentGone(e)) {
                list.close();
                moment.close();
                throw e;
            }
            LOG.debug("no list as of a moment", e);
            return null;
        }
    }

    /** The moment. */
    BsonTimestamp time() {
        return time;
    }

    @Override
    public List<StoredDocument> next(Deadline deadline) {
        List<StoredDocument> batch;
        try {
            batch = list().next(deadline);
        } catch (CoreException e) {
            if (late || !MongoErrors.isMomentGone(e)) {
                throw e;
            }
            late = true;
            LOG.info("the servers don't have the moment of a list of {} any more: it goes on with later states", name);
            batch = rest().next(deadline);
        }
        if (batch.isEmpty()) {
            close();
        } else {
            last = batch.get(batch.size() - 1).key();
        }
        return batch;
    }

    /** What has not been given yet, as it is now. */
    private ListCursor rest() {
        ListCursor rest = new ListCursor(link, name, filter, FindOptions.ofDefaults(), time);
        if (last != null) {
            rest.behind(last);
        }
        ListCursor old;
        synchronized (lock) {
            old = list;
            list = rest;
            if (closed) {
                rest.close();
            }
        }
        old.close();
        moment.close();
        return rest;
    }

    private ListCursor list() {
        synchronized (lock) {
            return list;
        }
    }

    @Override
    public void close() {
        ListCursor open;
        synchronized (lock) {
            closed = true;
            open = list;
        }
        open.close();
        moment.close();
    }
}
