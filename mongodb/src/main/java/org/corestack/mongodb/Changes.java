package org.corestack.mongodb;

import java.time.Instant;
import java.util.UUID;
import org.bson.BsonTimestamp;
import org.corestack.document.Position;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.ChangeSource;
import org.corestack.store.spi.Deadline;

/** The feed of a collection: its change stream. */
final class Changes implements ChangeSource {
    private final Link link;
    private final CollectionName name;
    private final CollectionIdentity identity;

    Changes(Link link, CollectionName name, CollectionIdentity identity) {
        this.link = link;
        this.name = name;
        this.identity = identity;
    }

    @Override
    public String name() {
        return "mongodb " + name;
    }

    @Override
    public Position now(Deadline deadline) {
        return place(deadline).toPosition();
    }

    /**
     * The place behind all that the majority has: a read of theirs is answered with the time of the last of it. What only
     * the primary has is not confirmed to anybody yet, and comes behind the place.
     */
    MongoPosition place(Deadline deadline) {
        return link.run(Doing.read("asking for the position of " + name), deadline, call -> {
            UUID collection = identity.make(call);
            call.documents(name)
                    .find(call.session(), Raw.document(out -> out.writeMinKey(Names.ID)))
                    .first();
            return MongoPosition.behind(collection, call.time());
        });
    }

    /** {@inheritDoc} The cluster's time is never behind the clock of the server that wrote. */
    @Override
    public Position at(Instant time, Deadline deadline) {
        MongoPosition now = place(deadline);
        boolean past =
                time.getEpochSecond() <= Integer.toUnsignedLong(now.time().getTime());
        return (past ? MongoPosition.before(now.collection(), new BsonTimestamp((int) time.getEpochSecond(), 0)) : now)
                .toPosition();
    }

    @Override
    public ChangeReader open(Position from) {
        return new StreamReader(link, name, identity, from);
    }

    @Override
    public boolean covers(Position reached, Position position) {
        MongoPosition to = MongoPosition.parse(reached);
        MongoPosition at = MongoPosition.parse(position);
        MongoPosition settled = at == null ? null : link.outcomes().settle(at);
        return to != null && settled != null && to.start().covers(settled.in(to.collection()));
    }
}
