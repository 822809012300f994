package org.corestack.mongodb;

import com.mongodb.client.MongoCursor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bson.BsonTimestamp;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.corestack.document.Change.Operation;
import org.corestack.document.Key;
import org.corestack.store.spi.ChangeReader.CollectionChange;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * Reads the documents of changes as they are now: those of several changes by one query, which sees at least what the
 * last of them did, whichever server answers. For one thread.
 */
final class LatestDocuments {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MOST_CHANGES = 64;
    private static final long MOST_BYTES = 16L << 20;

    private final Link link;
    private final CollectionName name;
    private final Doing doing;

    LatestDocuments(Link link, CollectionName name) {
        this.link = link;
        this.name = name;
        this.doing = Doing.read("reading changed documents of " + name);
    }

    /**
     * Gives the next changes with their documents.
     *
     * @param waiting the events, from which those that are given are taken; at least one
     * @return the place behind the last that was given
     */
    MongoPosition give(Deque<StreamEvent> waiting, List<CollectionChange> changes) {
        List<StreamEvent> events = new ArrayList<>();
        for (StreamEvent event : waiting) {
            if (events.size() < MOST_CHANGES) {
                events.add(event);
            }
        }
        Map<Key, Found> documents = read(events);
        if (documents == null) {
            events = events.subList(0, 1); // they are large: one by one
            documents = read(events);
        }
        MongoPosition last = events.get(0).place();
        for (StreamEvent event : events) {
            Found found = documents == null || event.operation() == Operation.DELETE
                    ? Found.NOTHING
                    : documents.getOrDefault(event.key(), Found.NOTHING);
            changes.add(new CollectionChange(
                    name.collection(), event.change(found.document(), found.version()), found.unreadable()));
            last = event.place();
            waiting.removeFirst();
        }
        return last;
    }

    /** The documents that there are; null if together they are too many bytes. */
    private @Nullable Map<Key, Found> read(List<StreamEvent> events) {
        Set<Key> keys = new LinkedHashSet<>();
        BsonTimestamp after = events.get(0).place().time();
        for (StreamEvent event : events) {
            if (event.operation() != Operation.DELETE && event.key() != null) {
                keys.add(event.key());
            }
            after = event.place().time().compareTo(after) > 0 ? event.place().time() : after;
        }
        if (keys.isEmpty()) {
            return Map.of();
        }
        return link.runForFeed(doing, Deadline.in(PATIENCE), after, call -> {
            Map<Key, Found> documents = new HashMap<>();
            long bytes = 0;
            try (MongoCursor<RawBsonDocument> cursor =
                    call.raw(name).find(call.session(), anyOf(keys)).cursor()) {
                while (cursor.hasNext()) {
                    RawBsonDocument next = cursor.next();
                    documents.put(BsonKeys.of(next), Found.in(next));
                    bytes += next.getByteBuffer().remaining();
                    if (bytes > MOST_BYTES && keys.size() > 1) {
                        return null;
                    }
                }
            }
            return documents;
        });
    }

    private static Bson anyOf(Collection<Key> keys) {
        return Raw.document(out -> {
            out.writeStartDocument(Names.ID);
            out.writeStartArray("$in");
            keys.forEach(key -> BsonKeys.write(out, key));
            out.writeEndArray();
            out.writeEndDocument();
        });
    }
}
