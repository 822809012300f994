package org.corestack.mongodb;

import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.WriteResult;
import org.corestack.store.spi.WriteResult.Status;
import org.jspecify.annotations.Nullable;

/**
 * Writes documents within a transaction. Each is read, worked out here and stored: a statement that fails would undo the
 * whole transaction, and what was read can't change before it ends. For one thread at a time.
 */
final class TransactionWriter implements Writes {
    private static final FindOneAndUpdateOptions STAMPED = new FindOneAndUpdateOptions()
            .returnDocument(ReturnDocument.AFTER)
            .projection(Raw.document(out -> out.writeInt32(Names.META, 1)))
            .upsert(true);

    private final MongoTransaction transaction;
    private final Link link;
    private final CollectionName name;
    private final CollectionIdentity identity;
    private final UniqueIndexes unique;
    /** Whether the transaction has made the collection, if nobody had before. */
    private boolean isMade;

    TransactionWriter(MongoTransaction transaction, Link link, CollectionName name, CollectionIdentity identity) {
        this.transaction = transaction;
        this.link = link;
        this.name = name;
        this.identity = identity;
        this.unique = new UniqueIndexes(link, name);
    }

    @Override
    public List<WriteResult> writeAll(List<Write> several, Deadline deadline) {
        transaction.translating(Doing.read("writing to " + name), deadline, () -> true); // not closed, not late
        List<WriteResult> results = new ArrayList<>();
        for (Write write : several) {
            try {
                results.add(write(write, deadline));
            } catch (CoreException e) {
                results.add(WriteResult.failed(e));
            }
        }
        return results;
    }

    @Override
    public WriteResult write(Write write, Deadline deadline) {
        Doing doing = DocumentWriter.doing(name, write);
        transaction.translating(doing, deadline, () -> true);
        UUID collection = collection(write, doing, deadline);
        return collection == null
                ? WriteResult.refused(Status.NOT_FOUND)
                : transaction.run(doing, deadline, call -> write(write, doing, collection, call));
    }

    /**
     * Of the collection that is there, looked for outside of the transaction, in which collections can't be listed. One that
     * is not there is made by the first write within, and its UUID is not known before the end.
     */
    private @Nullable UUID collection(Write write, Doing doing, Deadline deadline) {
        UUID known = identity.known();
        UUID found = known == null ? link.run(doing, deadline, identity::find) : known;
        return found == null && (DocumentWriter.creates(write) || isMade) ? MongoPosition.UNKNOWN : found;
    }

    private WriteResult write(Write write, Doing doing, UUID collection, Call call) {
        Bson key = key(write.key());
        StoredDocument stored = call.documents(name).find(call.session(), key).first();
        Status refusal = WriteResult.refusal(write, stored);
        if (refusal != null) {
            return WriteResult.refused(refusal);
        }
        if (write instanceof Write.Delete) {
            call.raw(name).deleteOne(call.session(), key);
            return applied(deleted(stored, call), null, collection, call);
        }
        Instant time = Attempt.needsTime(write) ? Attempt.serverTime(call) : Instant.EPOCH;
        Document after = Objects.requireNonNull(write.after(stored == null ? null : stored.document(), time));
        unique.check(doing, call, write.key(), after);
        long version = stored == null ? create(key, after, call) : change(write, key, stored, after, call);
        isMade = true;
        boolean whole = write instanceof Write.Apply apply && apply.returning();
        return applied(version, whole ? new StoredDocument(write.key(), after, version) : null, collection, call);
    }

    private long create(Bson key, Document document, Call call) {
        return Updates.isWide(document)
                ? version(call.raw(name)
                        .findOneAndUpdate(call.session(), key, Updates.createWide(document, link.mark()), STAMPED))
                : stamped(key, Updates.create(document, link.mark()), call);
    }

    private long change(Write write, Bson key, StoredDocument stored, Document after, Call call) {
        if (!(write instanceof Write.Replace)) {
            Set<String> touched = Attempt.touched(write);
            return stamped(key, Attempt.difference(after, touched, link.mark()), call);
        }
        if (stored.version() == 0) {
            RawBsonDocument replaced =
                    call.raw(name).findOneAndUpdate(call.session(), key, Updates.replace(after, link.mark()), STAMPED);
            return version(replaced);
        }
        long version = stored.version() + 1;
        RawBsonDocument document = Updates.replacement(after, Versions.time(version), link.mark());
        call.raw(name).replaceOne(call.session(), key, document);
        return version;
    }

    private long stamped(Bson key, Bson change, Call call) {
        return version(call.raw(name).findOneAndUpdate(call.session(), key, change, STAMPED));
    }

    private static long version(@Nullable RawBsonDocument after) {
        return Attempt.version(Objects.requireNonNull(after, "the server has not given the document after the write"));
    }

    /** The version of a delete: before the moment of the commit, which its event has, and which is not known yet. */
    private static long deleted(@Nullable StoredDocument stored, Call call) {
        long before = stored == null ? 0 : stored.version();
        return Math.max(before + 1, Versions.of(call.time()));
    }

    private WriteResult applied(long version, @Nullable StoredDocument after, UUID collection, Call call) {
        Written written =
                new Written(version, transaction.place(collection, call).toPosition());
        return WriteResult.applied(written, after);
    }

    private static Bson key(Key key) {
        return Raw.document(out -> Conditions.key(out, key));
    }
}
