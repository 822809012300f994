package org.corestack.mongodb;

import com.mongodb.client.ChangeStreamIterable;
import com.mongodb.client.MongoChangeStreamCursor;
import com.mongodb.client.model.changestream.ChangeStreamDocument;
import com.mongodb.client.model.changestream.FullDocument;
import com.mongodb.client.model.changestream.FullDocumentBeforeChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * How a change stream is asked for.
 *
 * @param images whether with the documents before and after each change, where the servers have them. They are not
 *     required of them: a stream of which they are fails without telling which change has none, or what came before it
 * @param splits whether the servers are to give an event that is too large in fragments
 * @param oneByOne whether each event is asked for by itself, so that one that is too large takes no other with it
 * @param byTime whether the place is not to be found by the server's token, which names an event as it comes when it is
 *     not in fragments
 */
record StreamForm(boolean images, boolean splits, boolean oneByOne, boolean byTime) {
    static final StreamForm KEYS = new StreamForm(false, false, false, false);
    static final StreamForm IMAGES = new StreamForm(true, true, false, false);

    /** How long the server keeps an answer back when nothing happens; the reader looks up as often. */
    private static final Duration AWAIT = Duration.ofMillis(250);

    private static final int MOST_EVENTS = 1_000;

    StreamForm withoutSplits() {
        return new StreamForm(images, false, oneByOne, byTime);
    }

    StreamForm withOneByOne() {
        return new StreamForm(images, splits, true, byTime);
    }

    StreamForm withByTime(boolean by) {
        return new StreamForm(images, splits, oneByOne, by);
    }

    /** The most events of one answer. */
    int batchSize() {
        return oneByOne ? 1 : MOST_EVENTS;
    }

    /** The form for the same documents as at first, when nothing has been found yet that stands in its way. */
    static StreamForm of(boolean images) {
        return images ? IMAGES : KEYS;
    }

    /**
     * Opens a stream behind a place. By time only after the servers have found the place's token in what they have, as
     * they do in a stream of keys: where they have another history it has to be heard of.
     */
    MongoChangeStreamCursor<ChangeStreamDocument<RawBsonDocument>> open(
            Link link, CollectionName name, MongoPosition from, Duration patience) {
        if (!byTime) {
            return stream(link, name, from, patience).cursor();
        }
        KEYS.stream(link, name, from, patience).cursor().close();
        return stream(link, name, from.withoutToken(), patience).cursor();
    }

    private ChangeStreamIterable<RawBsonDocument> stream(
            Link link, CollectionName name, MongoPosition from, Duration patience) {
        List<Bson> pipeline = new ArrayList<>(List.of(StreamEvent.projection(images)));
        if (splits) {
            pipeline.add(new BsonDocument("$changeStreamSplitLargeEvent", new BsonDocument()));
        }
        ChangeStreamIterable<RawBsonDocument> stream = Link.servers(link.feeds())
                .getDatabase(name.database())
                .getCollection(name.collection())
                .withTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .watch(pipeline, RawBsonDocument.class)
                .batchSize(batchSize())
                .maxAwaitTime(AWAIT.toMillis(), TimeUnit.MILLISECONDS);
        if (images) {
            stream = stream.fullDocument(FullDocument.WHEN_AVAILABLE)
                    .fullDocumentBeforeChange(FullDocumentBeforeChange.WHEN_AVAILABLE);
        }
        ResumeToken token = from.token();
        if (token != null) {
            return stream.startAfter(token.toBson());
        }
        boolean behind = from.kind() == MongoPosition.Kind.TIME;
        return stream.startAtOperationTime(behind ? Versions.after(from.time()) : from.time());
    }
}
