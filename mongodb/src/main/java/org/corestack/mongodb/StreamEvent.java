package org.corestack.mongodb;

import com.mongodb.client.model.changestream.ChangeStreamDocument;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.corestack.document.Change;
import org.corestack.document.Change.Operation;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.ChangeReader.CollectionChange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event of a change stream.
 *
 * @param operation what happened to a document; null where it happened to the collection
 * @param name the server's name of what happened
 * @param key which document; null where it happened to the collection, or to a document whose {@code _id} is no key of
 *     ours, as another program can make one
 * @param version the version that the event gave it, 0 where another system wrote
 * @param source who wrote; null where nobody said
 * @param time the server's time of day
 * @param place the place behind the event
 * @param before the document before it, where it was asked for and the servers have it
 * @param after the document after it, likewise
 */
record StreamEvent(
        @Nullable Operation operation,
        String name,
        @Nullable Key key,
        long version,
        @Nullable String source,
        Instant time,
        MongoPosition place,
        @Nullable RawBsonDocument before,
        @Nullable RawBsonDocument after) {
    private static final Logger LOG = LoggerFactory.getLogger(StreamEvent.class);
    private static final String META_CHANGED = "meta";

    /**
     * Of each event what is needed, and no document unless images are wanted: the server need not send them, nor fail on an
     * event that is too large with them. Of an update's fields those that are ours, which the server names with their dots.
     */
    static Bson projection(boolean images) {
        return Raw.document(out -> {
            out.writeStartDocument("$project");
            for (String field : List.of("operationType", "documentKey", "clusterTime", "wallTime", "txnNumber")) {
                out.writeInt32(field, 1);
            }
            if (images) {
                out.writeInt32("fullDocument", 1);
                out.writeInt32("fullDocumentBeforeChange", 1);
            } else {
                out.writeInt32("fullDocument." + Names.META, 1);
            }
            out.writeStartDocument(META_CHANGED);
            out.writeStartDocument("$filter");
            Raw.nested(out, "input", () -> out.writeString("$objectToArray", "$updateDescription.updatedFields"));
            out.writeString("as", "field");
            out.writeStartDocument("cond");
            out.writeStartArray("$in");
            out.writeString("$$field.k");
            out.writeStartArray();
            for (String ours : List.of(Names.META, Names.META_VERSION, Names.META_BY)) {
                out.writeString(ours);
            }
            out.writeEndArray();
            out.writeEndArray();
            out.writeEndDocument();
            out.writeEndDocument();
            out.writeEndDocument();
            out.writeEndDocument();
        });
    }

    /**
     * The event, as it was before the servers split it.
     *
     * @param images whether the documents of it are of the moment of the event
     */
    static StreamEvent of(ChangeStreamDocument<RawBsonDocument> event, UUID collection, boolean images) {
        String name = Objects.requireNonNullElse(event.getOperationTypeString(), "unknown");
        Operation operation = operation(name);
        BsonTimestamp time = event.getClusterTime();
        ResumeToken token = ResumeToken.of(event.getResumeToken());
        if (time == null) {
            time = token.time();
        }
        if (time == null) {
            throw CoreException.unsupported("a change of the stream has no time of the cluster");
        }
        Meta meta = operation == null || operation == Operation.DELETE ? deleted(operation, time) : meta(event);
        MongoPosition.Kind kind =
                event.getTxnNumber() == null ? MongoPosition.Kind.CHANGE : MongoPosition.Kind.IN_TRANSACTION;
        return new StreamEvent(
                operation,
                name,
                operation == null ? null : key(event.getDocumentKey()),
                meta.version,
                meta.source(),
                event.getWallTime() == null
                        ? Instant.ofEpochSecond(Integer.toUnsignedLong(time.getTime()))
                        : Instant.ofEpochMilli(event.getWallTime().getValue()),
                place(MongoPosition.at(collection, time, kind, token), event.getSplitEvent() != null),
                images ? event.getFullDocumentBeforeChange() : null,
                images ? event.getFullDocument() : null);
    }

    /** The token of a fragment is for none but the very form of the stream that gave it, so the place is of its time. */
    private static MongoPosition place(MongoPosition at, boolean split) {
        return split ? at.withoutToken() : at;
    }

    private static @Nullable Operation operation(String name) {
        return switch (name) {
            case "insert" -> Operation.INSERT;
            case "update", "replace" -> Operation.UPDATE;
            case "delete" -> Operation.DELETE;
            default -> null;
        };
    }

    /** Whether it ends the stream: the collection is another one now, or gone. */
    boolean ends() {
        return Set.of("drop", "rename", "dropDatabase", "invalidate").contains(name);
    }

    /**
     * What an event says of our field.
     *
     * @param version the version, 0 where there is none
     * @param by who wrote, with the number of the write; null where nobody said
     */
    record Meta(long version, @Nullable String by) {
        @Nullable
        String source() {
            int end = by == null ? -1 : by.lastIndexOf(' ');
            return by == null || end <= 0 ? null : by.substring(0, end);
        }
    }

    /** A deletion's version is the moment of its commit: the document that had one is gone. */
    private static Meta deleted(@Nullable Operation operation, BsonTimestamp time) {
        return new Meta(operation == null ? 0 : Versions.of(time), null);
    }

    /** Our field, after the event. */
    static Meta meta(ChangeStreamDocument<? extends BsonDocument> event) {
        BsonDocument found = new BsonDocument();
        BsonDocument whole = event.getFullDocument();
        boolean updated = "update".equals(event.getOperationTypeString()); // its document still names who wrote before
        if (whole != null && !updated) {
            put(found, Names.META, whole.get(Names.META));
        }
        BsonDocument extra = event.getExtraElements();
        BsonValue changed = extra == null ? null : extra.get(META_CHANGED);
        if (changed != null && changed.isArray()) {
            BsonArray fields = changed.asArray();
            for (BsonValue field : fields) {
                put(
                        found,
                        field.asDocument().getString("k").getValue(),
                        field.asDocument().get("v"));
            }
        }
        BsonValue version = found.get(Names.VERSION);
        BsonValue by = found.get(Names.BY);
        return new Meta(
                version != null && version.isTimestamp() ? Versions.of(version.asTimestamp()) : 0,
                by != null && by.isString() ? by.asString().getValue() : null);
    }

    /** Puts one of our fields, whole or a part of it by its path. */
    private static void put(BsonDocument found, String path, @Nullable BsonValue value) {
        if (value == null) {
            return;
        }
        if (path.equals(Names.META) && value.isDocument()) {
            found.putAll(value.asDocument());
        } else if (path.startsWith(Names.META + ".")) {
            found.put(path.substring(Names.META.length() + 1), value);
        }
    }

    private static @Nullable Key key(@Nullable BsonDocument documentKey) {
        try {
            return documentKey == null ? null : BsonKeys.of(documentKey);
        } catch (CoreException e) {
            LOG.debug("an event of another program's document", e);
            return null;
        }
    }

    /** Whether a document before or after it is missing, which it must have had. */
    boolean lacksImages() {
        return (before == null && operation != Operation.INSERT) || (after == null && operation != Operation.DELETE);
    }

    /** The change of a collection with the documents before and after it. */
    CollectionChange imaged(String collection) {
        Found old = Found.in(before);
        Found now = Found.in(after);
        Change bare = change(null, now.version());
        Change change = new Change(
                bare.key(),
                bare.operation(),
                old.document(),
                now.document(),
                bare.version(),
                time,
                source,
                bare.position());
        return new CollectionChange(collection, change, now.unreadable() != null ? now.unreadable() : old.unreadable());
    }

    /** The change, with the document as it is now. */
    Change change(@Nullable Document document, long latest) {
        if (key == null || operation == null) {
            throw new IllegalStateException(name + " is no change of a document");
        }
        return new Change(key, operation, document, version == 0 ? latest : version, time, source, place.toPosition());
    }
}
