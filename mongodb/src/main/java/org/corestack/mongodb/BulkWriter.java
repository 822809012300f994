package org.corestack.mongodb;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.MongoWriteConcernException;
import com.mongodb.MongoWriteException;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.WriteModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.bson.BsonTimestamp;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.WriteResult;
import org.corestack.store.spi.WriteResult.Status;
import org.jspecify.annotations.Nullable;

/**
 * Writes several documents by one command, of which each is tried by itself, and a second one that reads the versions
 * that they were given. The writes of one key go in commands one after the other.
 *
 * <p>The answer says of each statement whether it failed, and of those that change documents only how many matched. The
 * documents bear the mark of the command: those that do not were not changed, or by another too since, which the
 * collection's changes then tell. What was not done is done once more by itself, as a single write would have been, and
 * that says why. By themselves from the start are deletions (which leave no mark), patches that the server can't do, and
 * conditions that it can't judge.
 */
final class BulkWriter implements Writes {
    private static final int MOST_WRITES = 1_000;
    private static final long MOST_BYTES = 16L << 20;
    private static final UpdateOptions CREATE = new UpdateOptions().upsert(true);
    private static final BulkWriteOptions EACH_BY_ITSELF = new BulkWriteOptions().ordered(false);

    private final Link link;
    private final CollectionName name;
    private final CollectionIdentity identity;
    private final DocumentWriter writer;

    BulkWriter(Link link, CollectionName name, CollectionIdentity identity, DocumentWriter writer) {
        this.link = link;
        this.name = name;
        this.identity = identity;
        this.writer = writer;
    }

    @Override
    public WriteResult write(Write write, Deadline deadline) {
        return writer.write(write, deadline);
    }

    @Override
    public List<WriteResult> writeAll(List<Write> writes, Deadline deadline) {
        link.translating(Doing.read("writing to " + name), deadline, () -> true); // not closed, not late
        List<WriteResult> results = new ArrayList<>(writes.size());
        while (results.size() < writes.size()) {
            List<Write> left = writes.subList(results.size(), writes.size());
            List<Write> together = left.subList(0, fitting(left));
            results.addAll(together.size() > 1 ? together(together, deadline) : List.of(alone(left.get(0), deadline)));
        }
        return results;
    }

    /** How many of the next writes one command can hold: of keys that differ, up to the first that has to be alone. */
    private int fitting(List<Write> writes) {
        Set<Key> keys = new HashSet<>();
        long bytes = 0;
        for (Write write : writes) {
            bytes += size(write);
            boolean room = keys.size() < MOST_WRITES && bytes <= MOST_BYTES;
            if (!room || !fits(write) || !keys.add(write.key())) {
                break;
            }
        }
        return keys.size();
    }

    private static long size(Write write) {
        if (write instanceof Write.Insert insert) {
            return insert.document().size();
        }
        if (write instanceof Write.Upsert upsert) {
            return upsert.set().size();
        }
        return write instanceof Write.Merge merge ? merge.set().size() : 0;
    }

    private boolean fits(Write write) {
        boolean wide = write instanceof Write.Insert insert && Updates.isWide(insert.document());
        if (wide || !link.hasSessions()) {
            return !wide && write instanceof Write.Insert; // of others, what was overtaken could not be found
        }
        if (write instanceof Write.Apply apply) {
            return !apply.returning() && Fit.isPossible(apply.patch()) && Conditions.isExact(apply.condition());
        }
        boolean single =
                write instanceof Write.Delete || (write instanceof Write.Upsert upsert && Updates.isWide(upsert.set()));
        return !single && Conditions.isExact(write.condition());
    }

    private WriteResult alone(Write write, Deadline deadline) {
        try {
            return writer.write(write, deadline);
        } catch (CoreException e) {
            return WriteResult.failed(e);
        }
    }

    private List<WriteResult> together(List<Write> writes, Deadline deadline) {
        Doing doing = new Doing("the writes of " + writes.size() + " documents in " + name, true);
        List<@Nullable WriteResult> tried;
        try {
            tried = link.run(doing, deadline, call -> {
                boolean create = writes.stream().anyMatch(DocumentWriter::creates);
                UUID collection = create ? identity.make(call) : identity.find(call);
                return collection == null
                        ? all(writes, WriteResult.refused(Status.NOT_FOUND))
                        : new Round(call, collection, writes).results();
            });
        } catch (CoreException e) {
            tried = all(writes, WriteResult.failed(e));
        }
        List<WriteResult> results = new ArrayList<>(writes.size());
        for (int i = 0; i < writes.size(); i++) {
            WriteResult result = tried.get(i);
            results.add(result == null ? alone(writes.get(i), deadline) : result);
        }
        return results;
    }

    private static List<@Nullable WriteResult> all(List<Write> writes, WriteResult result) {
        return new ArrayList<>(Collections.nCopies(writes.size(), result));
    }

    /** One command and what its answer says. */
    private final class Round {
        private final Call call;
        private final UUID collection;
        private final List<Write> writes;
        private final String mark = link.mark();
        private final @Nullable WriteResult[] results;
        /** Which are to be done by themselves. */
        private final Set<Integer> alone = new HashSet<>();
        /** Which create a document. */
        private final Set<Integer> creating = new HashSet<>();

        private final long begun = System.nanoTime();

        Round(Call call, UUID collection, List<Write> writes) {
            this.call = call;
            this.collection = collection;
            this.writes = writes;
            this.results = new WriteResult[writes.size()];
        }

        List<@Nullable WriteResult> results() {
            List<WriteModel<RawBsonDocument>> models = models();
            long matched;
            try {
                matched = call.raw(name)
                        .bulkWrite(call.session(), models, EACH_BY_ITSELF)
                        .getMatchedCount();
            } catch (MongoBulkWriteException e) {
                e.getWriteErrors().forEach(error -> failed(e, error));
                matched = e.getWriteResult().getMatchedCount();
                notConfirmed(e);
            }
            List<Integer> open = new ArrayList<>();
            for (int i = 0; i < results.length; i++) {
                if (results[i] == null && !alone.contains(i)) {
                    open.add(i);
                }
            }
            if (!open.isEmpty()) {
                settle(open, matched);
            }
            return Arrays.asList(results);
        }

        private List<WriteModel<RawBsonDocument>> models() {
            Set<Key> upserted = new HashSet<>();
            writes.stream().filter(Write.Upsert.class::isInstance).forEach(each -> upserted.add(each.key()));
            Set<Key> there = upserted.isEmpty() ? Set.of() : metas(upserted).keySet();
            List<WriteModel<RawBsonDocument>> models = new ArrayList<>();
            for (int i = 0; i < writes.size(); i++) {
                Write write = writes.get(i);
                if (write instanceof Write.Insert || (write instanceof Write.Upsert && !there.contains(write.key()))) {
                    creating.add(i);
                    Document document =
                            write instanceof Write.Insert insert ? insert.document() : ((Write.Upsert) write).set();
                    models.add(new UpdateOneModel<>(Attempt.free(write.key()), Updates.create(document, mark), CREATE));
                } else {
                    models.add(change(write));
                }
            }
            return models;
        }

        private WriteModel<RawBsonDocument> change(Write write) {
            Bson filter = Attempt.filter(write);
            if (write instanceof Write.Replace replace) {
                return replace.condition() instanceof Condition.IfVersion same && same.version() > 0
                        ? new ReplaceOneModel<>(
                                filter,
                                Updates.replacement(replace.document(), Versions.time(same.version() + 1), mark))
                        : new UpdateOneModel<>(filter, Updates.replace(replace.document(), mark));
            }
            if (write instanceof Write.Apply apply) {
                return new UpdateOneModel<>(filter, Updates.patch(apply.patch(), mark));
            }
            return write instanceof Write.Merge merge
                    ? new UpdateOneModel<>(filter, Updates.merge(merge.set(), merge.unset(), mark))
                    : new UpdateOneModel<>(
                            filter, Updates.merge(((Write.Upsert) write).set(), ((Write.Upsert) write).unset(), mark));
        }

        private void failed(MongoBulkWriteException all, BulkWriteError error) {
            Write write = writes.get(error.getIndex());
            MongoException why = new MongoWriteException(error, all.getServerAddress(), all.getErrorLabels());
            if (write instanceof Write.Insert && MongoErrors.isKeyTaken(why)) {
                results[error.getIndex()] = WriteResult.refused(Status.ALREADY_EXISTS);
            } else if (error.getCode() == MongoErrors.DUPLICATE_KEY && !MongoErrors.isKeyTaken(why)) {
                results[error.getIndex()] = WriteResult.failed(translated(why, write));
            } else {
                alone.add(error.getIndex());
            }
        }

        private CoreException translated(MongoException why, Write write) {
            return MongoErrors.translate(why, DocumentWriter.doing(name, write), call.deadline(), link.client());
        }

        /** What had no error of its own may have taken place here, and may be lost in an election. */
        private void notConfirmed(MongoBulkWriteException all) {
            if (all.getWriteConcernError() == null) {
                return;
            }
            MongoException why = new MongoWriteConcernException(
                    all.getWriteConcernError(), null, all.getServerAddress(), all.getErrorLabels());
            for (int i = 0; i < results.length; i++) {
                if (results[i] == null && !alone.contains(i)) {
                    results[i] = WriteResult.failed(translated(why, writes.get(i)));
                }
            }
        }

        /** Tells what came of the statements that did not fail, of which so many matched a document. */
        private void settle(List<Integer> open, long matched) {
            BsonTimestamp time = call.time();
            link.wroteAt(time);
            Set<Key> keys = new LinkedHashSet<>();
            open.forEach(i -> keys.add(writes.get(i).key()));
            Map<Key, Long> versions = new HashMap<>();
            try {
                metas(keys).forEach((key, now) -> {
                    if (now.by.equals(mark)) {
                        versions.put(key, now.version);
                    }
                });
            } catch (MongoException e) {
                open.forEach(i -> results[i] = WriteResult.failed(unread(e, writes.get(i))));
                return;
            }
            long changed = open.stream()
                    .filter(i -> !creating.contains(i)
                            && versions.containsKey(writes.get(i).key()))
                    .count();
            boolean sure = changed == matched;
            keys.removeAll(versions.keySet());
            if (sure) {
                open.stream()
                        .filter(i -> !creating.contains(i))
                        .forEach(i -> keys.remove(writes.get(i).key()));
            }
            if (!keys.isEmpty()) {
                PastVersions.Found past = new PastVersions(link, name, mark).of(keys, begun, call);
                versions.putAll(past.versions());
                sure |= past.complete();
            }
            for (int i : open) {
                tell(i, versions.get(writes.get(i).key()), sure, time);
            }
        }

        private void tell(int i, @Nullable Long version, boolean sure, BsonTimestamp time) {
            if (version != null || creating.contains(i)) {
                long known = version == null ? Versions.of(time) : version; // overtaken, and the changes not to be had
                results[i] = WriteResult.applied(new Written(
                        known, MongoPosition.behind(collection, time).toPosition()));
            } else if (sure) {
                alone.add(i);
            } else {
                results[i] = WriteResult.failed(new CoreException(
                        ErrorCode.UNAVAILABLE,
                        DocumentWriter.doing(name, writes.get(i))
                                + " was overtaken by others and the changes could not be read: whether the write took"
                                + " place is not known"));
            }
        }

        private CoreException unread(MongoException e, Write write) {
            CoreException why = MongoErrors.translate(
                    e, Doing.read("reading what came of writes to " + name), call.deadline(), link.client());
            return new CoreException(
                    why.code() == ErrorCode.CANCELED ? ErrorCode.CANCELED : ErrorCode.UNAVAILABLE,
                    why.getMessage() + "; whether " + DocumentWriter.doing(name, write) + " took place is not known",
                    why);
        }

        private Map<Key, Meta> metas(Set<Key> keys) {
            Bson anyOf = Raw.document(out -> {
                out.writeStartDocument(Names.ID);
                out.writeStartArray("$in");
                keys.forEach(key -> BsonKeys.write(out, key));
                out.writeEndArray();
                out.writeEndDocument();
            });
            Map<Key, Meta> found = new HashMap<>();
            call.raw(name)
                    .find(call.session(), anyOf)
                    .projection(Raw.document(out -> out.writeInt32(Names.META, 1)))
                    .batchSize(MOST_WRITES + 1)
                    .forEach(each -> found.put(BsonKeys.of(each), Meta.of(each)));
            return found;
        }
    }

    /**
     * Our field of a document.
     *
     * @param version the version, 0 where there is none
     * @param by who wrote, empty where nobody said
     */
    private record Meta(long version, String by) {
        static Meta of(RawBsonDocument document) {
            var meta = document.get(Names.META);
            if (meta == null || !meta.isDocument()) {
                return new Meta(0, "");
            }
            var version = meta.asDocument().get(Names.VERSION);
            var by = meta.asDocument().get(Names.BY);
            return new Meta(
                    version != null && version.isTimestamp() ? Versions.of(version.asTimestamp()) : 0,
                    by != null && by.isString() ? by.asString().getValue() : "");
        }
    }
}
