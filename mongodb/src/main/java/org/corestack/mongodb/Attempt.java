package org.corestack.mongodb;

import com.mongodb.MongoException;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.store.spi.WriteResult;
import org.corestack.store.spi.WriteResult.Status;
import org.jspecify.annotations.Nullable;

/**
 * One try of a write: one command, whose filter holds the condition. Each method gives null where another write came
 * between, so that it has to be tried again.
 */
final class Attempt {
    private static final Bson META_ALONE = new BsonDocument(Names.META, new BsonInt32(1));
    private static final FindOneAndUpdateOptions CHANGE =
            new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER).projection(META_ALONE);
    private static final FindOneAndUpdateOptions CHANGE_AND_GIVE =
            new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER);
    private static final FindOneAndUpdateOptions CHANGE_OR_CREATE = new FindOneAndUpdateOptions()
            .returnDocument(ReturnDocument.AFTER)
            .projection(META_ALONE)
            .upsert(true);
    /** With these the server refuses a change that does not fit the document, or whose result is too large. */
    static final Set<Integer> MISFITS = Set.of(
            MongoErrors.BAD_VALUE,
            MongoErrors.TYPE_MISMATCH,
            MongoErrors.PATH_NOT_VIABLE,
            MongoErrors.TOO_LARGE,
            MongoErrors.GROWN_TOO_LARGE,
            MongoErrors.REPLACED_TOO_LARGE,
            10141,
            10143);

    private final Link link;
    private final CollectionName name;
    private final Call call;
    private final UUID collection;
    private final String mark;

    Attempt(Link link, CollectionName name, Call call, UUID collection) {
        this.link = link;
        this.name = name;
        this.mark = link.mark();
        this.call = call;
        this.collection = collection;
    }

    @Nullable
    WriteResult write(Write write) {
        if (!Conditions.isExact(write.condition())) {
            return judge(write);
        }
        if (write instanceof Write.Insert insert) {
            return insert(insert);
        }
        if (write instanceof Write.Replace replace) {
            return replace.condition() instanceof Condition.IfVersion same && same.version() > 0
                    ? replaceKnown(replace, same.version())
                    : replaceAny(replace);
        }
        if (write instanceof Write.Delete delete) {
            return delete(delete);
        }
        return write instanceof Write.Upsert upsert ? upsert(upsert) : change(write);
    }

    private WriteResult insert(Write.Insert insert) {
        WriteResult created = create(insert.key(), insert.document());
        return created == null ? WriteResult.refused(Status.ALREADY_EXISTS) : created;
    }

    /** Creates a document; null if the key is taken. */
    private @Nullable WriteResult create(Key key, Document document) {
        try {
            return applied(
                    Updates.isWide(document)
                            ? call.raw(name)
                                    .findOneAndUpdate(
                                            call.session(),
                                            free(key),
                                            Updates.createWide(document, mark),
                                            CHANGE_OR_CREATE)
                            : update(free(key), Updates.create(document, mark), CHANGE_OR_CREATE));
        } catch (MongoException e) {
            if (MongoErrors.isKeyTaken(e)) {
                return null;
            }
            throw e;
        }
    }

    /** No document, with which an upsert of a key goes on only where it is free. */
    static Bson free(Key key) {
        return Raw.document(out -> {
            Conditions.key(out, key);
            Fit.absent(out);
        });
    }

    private @Nullable WriteResult replaceKnown(Write.Replace replace, long version) {
        RawBsonDocument document = Updates.replacement(replace.document(), Versions.time(version + 1), mark);
        long matched = call.raw(name)
                .replaceOne(call.session(), filter(replace), document)
                .getMatchedCount();
        return matched == 0 ? refusal(replace) : applied(version + 1);
    }

    private @Nullable WriteResult replaceAny(Write.Replace replace) {
        RawBsonDocument after = call.raw(name)
                .findOneAndUpdate(call.session(), filter(replace), Updates.replace(replace.document(), mark), CHANGE);
        if (after == null) {
            return refusal(replace);
        }
        BsonDocument meta = after.getDocument(Names.META);
        boolean ours = meta.getString(Names.BY).getValue().equals(mark);
        return ours ? applied(after) : null;
    }

    private @Nullable WriteResult delete(Write.Delete delete) {
        long deleted = call.raw(name).deleteOne(call.session(), filter(delete)).getDeletedCount();
        return deleted == 0 ? refusal(delete) : applied(Versions.of(call.time()));
    }

    /** First as a change of what is there, whose filter can look at its size; of an upsert's it can't. */
    private @Nullable WriteResult upsert(Write.Upsert upsert) {
        try {
            RawBsonDocument after = update(filter(upsert), Updates.merge(upsert.set(), upsert.unset(), mark), CHANGE);
            WriteResult result = after == null ? create(upsert.key(), upsert.set()) : applied(after);
            return result == null ? judge(upsert) : result; // another was first, or there is not room enough
        } catch (MongoException e) {
            if (MISFITS.contains(e.getCode())) {
                return judge(upsert);
            }
            throw e;
        }
    }

    private @Nullable WriteResult change(Write write) {
        if (write instanceof Write.Apply apply && !Fit.isPossible(apply.patch())) {
            return judge(write);
        }
        RawBsonDocument update = write instanceof Write.Apply apply
                ? Updates.patch(apply.patch(), mark)
                : Updates.merge(((Write.Merge) write).set(), ((Write.Merge) write).unset(), mark);
        try {
            boolean whole = write instanceof Write.Apply apply && apply.returning();
            RawBsonDocument after = update(filter(write), update, whole ? CHANGE_AND_GIVE : CHANGE);
            return after == null ? judge(write) : applied(after, whole ? StoredCodec.read(after) : null);
        } catch (MongoException e) {
            if (MISFITS.contains(e.getCode())) {
                return judge(write);
            }
            throw e;
        }
    }

    /** The document that a write means, where what the write asks of it holds and the server can do what it means. */
    static Bson filter(Write write) {
        return Raw.document(out -> {
            Conditions.key(out, write.key());
            Conditions.condition(out, write.condition());
            Fit.guard(out, write);
        });
    }

    private @Nullable RawBsonDocument update(Bson filter, Bson update, FindOneAndUpdateOptions how) {
        return call.raw(name).findOneAndUpdate(call.session(), filter, update, how);
    }

    /** Why nothing matched; null if something does by now. */
    private @Nullable WriteResult refusal(Write write) {
        StoredDocument stored =
                call.documents(name).find(call.session(), key(write.key())).first();
        if (stored == null) {
            return WriteResult.refused(Status.NOT_FOUND);
        }
        return write.condition().holds(stored) ? null : WriteResult.refused(Status.CONFLICT);
    }

    /** Works the write out from the document as it is, and does it if the document still is so. */
    private @Nullable WriteResult judge(Write write) {
        StoredDocument stored =
                call.documents(name).find(call.session(), key(write.key())).first();
        if (stored == null) {
            return write instanceof Write.Upsert ? null : WriteResult.refused(Status.NOT_FOUND);
        }
        if (!write.condition().holds(stored)) {
            return WriteResult.refused(Status.CONFLICT);
        }
        if (write instanceof Write.Replace || write instanceof Write.Delete) {
            Condition same = Condition.ifVersion(stored.version());
            return write instanceof Write.Replace replace
                    ? again(write(new Write.Replace(write.key(), replace.document(), same)))
                    : again(write(new Write.Delete(write.key(), same)));
        }
        return store(write, stored, needsTime(write) ? serverTime(call) : Instant.EPOCH);
    }

    /** A conflict with the version that was just read is no conflict with the condition. */
    private @Nullable WriteResult again(@Nullable WriteResult result) {
        return result != null && result.status() == Status.CONFLICT ? null : result;
    }

    /** What a server's clock says; asked outside of any transaction, within which it can't be. */
    static Instant serverTime(Call call) {
        BsonDocument hello = call.client()
                .getDatabase("admin")
                .withTimeout(Call.millis(call.deadline()), TimeUnit.MILLISECONDS)
                .runCommand(new BsonDocument("isMaster", new BsonInt32(1)), BsonDocument.class);
        return Instant.ofEpochMilli(hello.getDateTime("localTime").getValue());
    }

    /** Stores what the write comes to if the document still is as it was read. */
    private @Nullable WriteResult store(Write write, StoredDocument stored, Instant serverTime) {
        Document after = Objects.requireNonNull(write.after(stored.document(), serverTime));
        Set<String> touched = touched(write);
        RawBsonDocument written = update(unchanged(stored, touched), difference(after, touched, mark), CHANGE);
        if (written == null) {
            return null;
        }
        boolean whole = write instanceof Write.Apply apply && apply.returning();
        return applied(written, whole ? new StoredDocument(write.key(), after, version(written)) : null);
    }

    /** Makes top-level fields those of a document. */
    static RawBsonDocument difference(Document after, Set<String> fields, String mark) {
        Document.Builder set = Document.builder();
        Set<String> unset = new LinkedHashSet<>();
        for (String field : fields) {
            if (after.contains(field)) {
                set.put(field, after.get(field));
            } else {
                unset.add(field);
            }
        }
        return Updates.merge(set.build(), unset, mark);
    }

    private WriteResult applied(@Nullable RawBsonDocument meta) {
        return applied(meta, null);
    }

    private WriteResult applied(@Nullable RawBsonDocument meta, @Nullable StoredDocument after) {
        if (meta == null) {
            throw new IllegalStateException("the server has not given the document after the write");
        }
        return applied(version(meta), after);
    }

    private WriteResult applied(long version) {
        return applied(version, (StoredDocument) null);
    }

    private WriteResult applied(long version, @Nullable StoredDocument after) {
        link.wroteAt(call.time());
        Written written = new Written(
                version, MongoPosition.behind(collection, call.time()).toPosition());
        return WriteResult.applied(written, after);
    }

    static long version(RawBsonDocument meta) {
        return Versions.of(meta.getDocument(Names.META).getTimestamp(Names.VERSION));
    }

    static boolean needsTime(Write write) {
        return write instanceof Write.Apply apply
                && apply.patch().steps().stream()
                        .anyMatch(step -> step instanceof Patch.ServerTime || step instanceof Patch.Advance);
    }

    private static Bson key(Key key) {
        return Raw.document(out -> Conditions.key(out, key));
    }

    /** The top-level fields that a write may change. */
    static Set<String> touched(Write write) {
        Set<String> touched = new LinkedHashSet<>();
        if (write instanceof Write.Apply apply) {
            for (Patch.Step step : apply.patch().steps()) {
                touched.add(step.path().names().get(0));
            }
        } else if (write instanceof Write.Merge merge) {
            touched.addAll(merge.set().names());
            touched.addAll(merge.unset());
        } else if (write instanceof Write.Upsert upsert) {
            touched.addAll(upsert.set().names());
            touched.addAll(upsert.unset());
        }
        return touched;
    }

    /** The document, if it is of the version that was read, and the fields too: other systems raise no version. */
    private static Bson unchanged(StoredDocument stored, Set<String> fields) {
        return Raw.document(out -> {
            Conditions.key(out, stored.key());
            Conditions.version(out, stored.version());
            for (String field : fields) {
                if (stored.document().contains(field)) {
                    out.writeStartDocument(Names.top(field));
                    out.writeName("$eq");
                    BsonValues.write(out, stored.document().get(field));
                    out.writeEndDocument();
                } else {
                    Conditions.exists(out, Names.top(field), false);
                }
            }
        });
    }
}
