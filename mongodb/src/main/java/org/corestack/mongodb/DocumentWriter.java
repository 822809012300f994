package org.corestack.mongodb;

import com.mongodb.MongoException;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.StoredDocument;
import org.corestack.document.Written;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.Write;
import org.corestack.store.spi.WriteResult;
import org.corestack.store.spi.WriteResult.Status;
import org.jspecify.annotations.Nullable;

/**
 * Writes single documents: one command each, whose filter holds the condition. What the filter keeps out is looked at
 * to say why, and worked out here where the server would have done something else.
 */
final class DocumentWriter {
    private static final Bson META_ALONE = new BsonDocument(Names.META, new BsonInt32(1));
    private static final FindOneAndUpdateOptions CHANGE =
            new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER).projection(META_ALONE);
    private static final FindOneAndUpdateOptions CHANGE_OR_CREATE = new FindOneAndUpdateOptions()
            .returnDocument(ReturnDocument.AFTER)
            .projection(META_ALONE)
            .upsert(true);
    /** With these the server refuses a change that does not fit the document, or whose result is too large. */
    private static final Set<Integer> MISFITS = Set.of(
            MongoErrors.BAD_VALUE,
            MongoErrors.TYPE_MISMATCH,
            MongoErrors.PATH_NOT_VIABLE,
            MongoErrors.TOO_LARGE,
            MongoErrors.GROWN_TOO_LARGE,
            MongoErrors.REPLACED_TOO_LARGE);

    private final Link link;
    private final CollectionName name;
    private final CollectionIdentity identity;

    DocumentWriter(Link link, CollectionName name, CollectionIdentity identity) {
        this.link = link;
        this.name = name;
        this.identity = identity;
    }

    WriteResult write(Write write, Deadline deadline) {
        Doing doing = Doing.write(verb(write), name, write.key());
        return link.run(doing, deadline, call -> {
            boolean creates = write instanceof Write.Insert || write instanceof Write.Upsert;
            UUID collection = creates ? identity.make(call) : identity.find(call);
            if (collection == null) {
                return WriteResult.refused(Status.NOT_FOUND);
            }
            WriteResult result = null;
            while (result == null) {
                deadline.check(doing.toString());
                result = new Attempt(call, collection, link.mark()).write(write);
            }
            return result;
        });
    }

    /** As the user calls it. */
    private static String verb(Write write) {
        if (write instanceof Write.Merge) {
            return "update";
        }
        return write instanceof Write.Apply
                ? "patch"
                : write.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    static Condition condition(Write write) {
        if (write instanceof Write.Replace replace) {
            return replace.condition();
        }
        if (write instanceof Write.Merge merge) {
            return merge.condition();
        }
        if (write instanceof Write.Apply apply) {
            return apply.condition();
        }
        return write instanceof Write.Delete delete ? delete.condition() : Condition.none();
    }

    /** One try. Each method gives null where another write came between, so that it has to be tried again. */
    private final class Attempt {
        private final Call call;
        private final UUID collection;
        private final String mark;

        Attempt(Call call, UUID collection, String mark) {
            this.call = call;
            this.collection = collection;
            this.mark = mark;
        }

        @Nullable
        WriteResult write(Write write) {
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
            Bson filter = Raw.document(out -> {
                Conditions.key(out, insert.key());
                Fit.absent(out);
            });
            try {
                return applied(update(filter, Updates.create(insert.document(), mark), CHANGE_OR_CREATE));
            } catch (MongoException e) {
                if (MongoErrors.isKeyTaken(e) || e.getCode() == MongoErrors.CONVERSION_FAILURE) {
                    return WriteResult.refused(Status.ALREADY_EXISTS);
                }
                throw e;
            }
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
                    .findOneAndUpdate(
                            call.session(), filter(replace), Updates.replace(replace.document(), mark), CHANGE);
            if (after == null) {
                return refusal(replace);
            }
            BsonDocument meta = after.getDocument(Names.META);
            boolean ours = meta.getString(Names.BY).getValue().equals(mark);
            return ours ? applied(after) : null;
        }

        private @Nullable WriteResult delete(Write.Delete delete) {
            long deleted =
                    call.raw(name).deleteOne(call.session(), filter(delete)).getDeletedCount();
            return deleted == 0 ? refusal(delete) : applied(Versions.of(call.time()));
        }

        private @Nullable WriteResult upsert(Write.Upsert upsert) {
            try {
                RawBsonDocument after =
                        update(filter(upsert), Updates.merge(upsert.set(), upsert.unset(), mark), CHANGE_OR_CREATE);
                return applied(after);
            } catch (MongoException e) {
                if (MongoErrors.isKeyTaken(e) || MISFITS.contains(e.getCode())) {
                    return judge(upsert); // another was first, or there is not room enough
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
                RawBsonDocument after = update(filter(write), update, CHANGE);
                return after == null ? judge(write) : applied(after);
            } catch (MongoException e) {
                if (MISFITS.contains(e.getCode())) {
                    return judge(write);
                }
                throw e;
            }
        }

        private Bson filter(Write write) {
            return Raw.document(out -> {
                Conditions.key(out, write.key());
                Conditions.condition(out, condition(write));
                Fit.guard(out, write);
            });
        }

        private @Nullable RawBsonDocument update(Bson filter, Bson update, FindOneAndUpdateOptions how) {
            return call.raw(name).findOneAndUpdate(call.session(), filter, update, how);
        }

        /** Why nothing matched; null if something does by now. */
        private @Nullable WriteResult refusal(Write write) {
            StoredDocument stored = call.documents(name)
                    .find(call.session(), key(write.key()))
                    .projection(META_ALONE)
                    .first();
            if (stored == null) {
                return WriteResult.refused(Status.NOT_FOUND);
            }
            return condition(write).holds(stored.version()) ? null : WriteResult.refused(Status.CONFLICT);
        }

        /** Works the write out from the document as it is, and does it if the document still is so. */
        private @Nullable WriteResult judge(Write write) {
            StoredDocument stored =
                    call.documents(name).find(call.session(), key(write.key())).first();
            if (stored == null) {
                return write instanceof Write.Upsert ? null : WriteResult.refused(Status.NOT_FOUND);
            }
            if (!condition(write).holds(stored.version())) {
                return WriteResult.refused(Status.CONFLICT);
            }
            Document after = after(write, stored.document());
            Set<String> touched = touched(write);
            Document.Builder set = Document.builder();
            Set<String> unset = new LinkedHashSet<>();
            for (String field : touched) {
                if (after.contains(field)) {
                    set.put(field, after.get(field));
                } else {
                    unset.add(field);
                }
            }
            RawBsonDocument written =
                    update(unchanged(stored, touched), Updates.merge(set.build(), unset, mark), CHANGE);
            return written == null ? null : applied(written);
        }

        private WriteResult applied(@Nullable RawBsonDocument after) {
            if (after == null) {
                throw new IllegalStateException("the server has not given the document after the write");
            }
            return applied(Versions.of(after.getDocument(Names.META).getTimestamp(Names.VERSION)));
        }

        private WriteResult applied(long version) {
            link.wroteAt(call.time());
            return WriteResult.applied(new Written(
                    version, MongoPosition.behind(collection, call.time()).toPosition()));
        }
    }

    private static Bson key(Key key) {
        return Raw.document(out -> Conditions.key(out, key));
    }

    private static Document after(Write write, Document before) {
        if (write instanceof Write.Apply apply) {
            return apply.patch().apply(before);
        }
        return write instanceof Write.Upsert upsert
                ? new Write.Merge(upsert.key(), upsert.set(), upsert.unset(), Condition.none()).apply(before)
                : ((Write.Merge) write).apply(before);
    }

    /** The top-level fields that a write may change. */
    private static Set<String> touched(Write write) {
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
