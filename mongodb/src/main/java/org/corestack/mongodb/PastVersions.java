package org.corestack.mongodb;

import com.mongodb.MongoException;
import com.mongodb.client.MongoChangeStreamCursor;
import com.mongodb.client.model.changestream.ChangeStreamDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.bson.BsonDocument;
import org.bson.BsonTimestamp;
import org.bson.conversions.Bson;
import org.corestack.document.Key;
import org.corestack.store.spi.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the versions that a command of several writes gave documents that others have changed, or deleted, before they
 * could be read: in the collection's changes, which name the write.
 */
final class PastVersions {
    private static final Logger LOG = LoggerFactory.getLogger(PastVersions.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration AWAIT = Duration.ofMillis(100);
    /** By how much the cluster's clock may have gone ahead of ours while the command ran. */
    private static final int SLACK_SECONDS = 5;

    private final Link link;
    private final CollectionName name;
    private final String mark;

    PastVersions(Link link, CollectionName name, String mark) {
        this.link = link;
        this.name = name;
        this.mark = mark;
    }

    /**
     * What was found.
     *
     * @param versions those that the command gave
     * @param complete whether all changes were read that it can have made: what is not among them it did not change
     */
    record Found(Map<Key, Long> versions, boolean complete) {}

    /**
     * The versions that can be found, before the time is up.
     *
     * @param begun when the command was sent, by this process's clock
     * @param call of the command
     */
    Found of(Set<Key> keys, long begun, Call call) {
        Map<Key, Long> versions = new HashMap<>();
        if (!link.hasSessions()) {
            return new Found(versions, false);
        }
        BsonTimestamp end = call.time();
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun) + SLACK_SECONDS;
        BsonTimestamp from = new BsonTimestamp((int) Math.max(1, end.getTime() - seconds), 0);
        Duration left = call.deadline().remaining();
        Deadline deadline = Deadline.in(left.compareTo(PATIENCE) < 0 ? left.plusMillis(1) : PATIENCE);
        boolean before = true;
        try (var stream = open(keys, from, deadline)) {
            while (before && versions.size() < keys.size() && !deadline.isExpired()) {
                before = read(stream, versions, end);
            }
        } catch (MongoException e) {
            LOG.debug("the changes of {} could not be read to find versions of a moment ago", name, e);
        }
        return new Found(versions, !before || versions.size() == keys.size());
    }

    private MongoChangeStreamCursor<ChangeStreamDocument<BsonDocument>> open(
            Set<Key> keys, BsonTimestamp from, Deadline deadline) {
        List<Bson> pipeline = new ArrayList<>();
        pipeline.add(Raw.document(out -> Raw.nested(out, "$match", () -> {
            out.writeStartDocument("documentKey._id");
            out.writeStartArray("$in");
            keys.forEach(key -> BsonKeys.write(out, key));
            out.writeEndArray();
            out.writeEndDocument();
        })));
        pipeline.add(StreamEvent.projection(false));
        return Link.servers(link.client())
                .getDatabase(name.database())
                .getCollection(name.collection())
                .withTimeout(Call.millis(deadline), TimeUnit.MILLISECONDS)
                .watch(pipeline, BsonDocument.class)
                .maxAwaitTime(AWAIT.toMillis(), TimeUnit.MILLISECONDS)
                .startAtOperationTime(from)
                .cursor();
    }

    /** Reads a change, if there is one; false once all have been that were there at the end of the command. */
    private boolean read(
            MongoChangeStreamCursor<ChangeStreamDocument<BsonDocument>> stream,
            Map<Key, Long> versions,
            BsonTimestamp end) {
        ChangeStreamDocument<BsonDocument> event = stream.tryNext();
        if (event == null) {
            BsonDocument token = stream.getResumeToken();
            BsonTimestamp reached = token == null ? null : ResumeToken.of(token).time();
            return reached == null || reached.compareTo(end) <= 0;
        }
        if (event.getDocumentKey() != null) {
            StreamEvent.Meta meta = StreamEvent.meta(event);
            if (mark.equals(meta.by())) {
                versions.put(BsonKeys.of(event.getDocumentKey()), meta.version());
            }
        }
        return true;
    }
}
