package org.corestack.mongodb;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.MongoWriteConcernException;
import com.mongodb.MongoWriteException;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
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
import org.bson.BsonBinaryReader;
import org.bson.BsonTimestamp;
import org.bson.BsonType;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
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
 * <p>Each statement is an upsert, which either does what it is to do or fails: of plain updates the server only counts
 * those that matched. What failed is done once more by itself, as a single write would have been, and that says why. By
 * themselves from the start are replacements and deletions (of which no statement says what came of it), patches that
 * the server can't do, and conditions that it can't judge.
 */
final class BulkWriter implements Writes {
    private static final int MOST_WRITES = 1_000;
    private static final long MOST_BYTES = 16L << 20;
    private static final UpdateOptions UPSERT = new UpdateOptions().upsert(true);
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
    private static int fitting(List<Write> writes) {
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

    private static boolean fits(Write write) {
        if (write instanceof Write.Apply apply) {
            return !apply.returning() && Fit.isPossible(apply.patch()) && Conditions.isExact(apply.condition());
        }
        return DocumentWriter.creates(write)
                || (write instanceof Write.Merge merge && Conditions.isExact(merge.condition()));
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
        private final Set<Integer> alone = new HashSet<>();
        private final long begun = System.nanoTime();

        Round(Call call, UUID collection, List<Write> writes) {
            this.call = call;
            this.collection = collection;
            this.writes = writes;
            this.results = new WriteResult[writes.size()];
        }

        List<@Nullable WriteResult> results() {
            List<UpdateOneModel<RawBsonDocument>> models = new ArrayList<>();
            writes.forEach(write -> models.add(model(write)));
            try {
                call.raw(name).bulkWrite(call.session(), models, EACH_BY_ITSELF);
            } catch (MongoBulkWriteException e) {
                e.getWriteErrors().forEach(error -> failed(e, error));
                notConfirmed(e);
            }
            List<Integer> applied = new ArrayList<>();
            for (int i = 0; i < results.length; i++) {
                if (results[i] == null && !alone.contains(i)) {
                    applied.add(i);
                }
            }
            if (!applied.isEmpty()) {
                tellVersions(applied);
            }
            return Arrays.asList(results);
        }

        private UpdateOneModel<RawBsonDocument> model(Write write) {
            if (write instanceof Write.Insert insert) {
                return new UpdateOneModel<>(
                        Attempt.free(insert.key()), Updates.create(insert.document(), mark), UPSERT);
            }
            Bson change = write instanceof Write.Upsert upsert
                    ? Updates.merge(upsert.set(), upsert.unset(), mark)
                    : Updates.ofOneThatIsThere(write, mark);
            return new UpdateOneModel<>(Attempt.filter(write), change, UPSERT);
        }

        private void failed(MongoBulkWriteException all, BulkWriteError error) {
            Write write = writes.get(error.getIndex());
            MongoException why = new MongoWriteException(error, all.getServerAddress(), all.getErrorLabels());
            if (write instanceof Write.Insert && Attempt.isTaken(why)) {
                results[error.getIndex()] = WriteResult.refused(Status.ALREADY_EXISTS);
            } else if (error.getCode() == MongoErrors.DUPLICATE_KEY && !MongoErrors.isKeyTaken(why)) {
                results[error.getIndex()] = WriteResult.failed(
                        MongoErrors.translate(why, DocumentWriter.doing(name, write), call.deadline(), link.client()));
            } else {
                alone.add(error.getIndex());
            }
        }

        /** What had no error of its own has taken place here, and may be lost in an election. */
        private void notConfirmed(MongoBulkWriteException all) {
            if (all.getWriteConcernError() == null) {
                return;
            }
            MongoException why = new MongoWriteConcernException(
                    all.getWriteConcernError(), null, all.getServerAddress(), all.getErrorLabels());
            for (int i = 0; i < results.length; i++) {
                if (results[i] == null && !alone.contains(i)) {
                    results[i] = WriteResult.failed(MongoErrors.translate(
                            why, DocumentWriter.doing(name, writes.get(i)), call.deadline(), link.client()));
                }
            }
        }

        private void tellVersions(List<Integer> applied) {
            BsonTimestamp time = call.time();
            link.wroteAt(time);
            Map<Key, Meta> found;
            try {
                found = metas(applied);
            } catch (MongoException e) {
                CoreException why = MongoErrors.translate(
                        e, Doing.read("reading the versions after writes to " + name), call.deadline(), link.client());
                for (int i : applied) {
                    results[i] = WriteResult.failed(new CoreException(
                            why.code() == ErrorCode.CANCELED ? ErrorCode.CANCELED : ErrorCode.UNAVAILABLE,
                            DocumentWriter.doing(name, writes.get(i)) + " took place, but not so " + why.getMessage(),
                            why));
                }
                return;
            }
            Map<Key, Long> versions = new HashMap<>();
            Set<Key> overtaken = new LinkedHashSet<>();
            for (int i : applied) {
                Key key = writes.get(i).key();
                Meta now = found.get(key);
                if (now != null && now.by.equals(mark)) {
                    versions.put(key, now.version);
                } else {
                    overtaken.add(key);
                }
            }
            if (!overtaken.isEmpty()) {
                versions.putAll(new PastVersions(link, name, mark).of(overtaken, begun, call));
            }
            for (int i : applied) {
                long version = versions.getOrDefault(writes.get(i).key(), Versions.of(time));
                results[i] = WriteResult.applied(new Written(
                        version, MongoPosition.behind(collection, time).toPosition()));
            }
        }

        private Map<Key, Meta> metas(List<Integer> applied) {
            Bson keys = Raw.document(out -> {
                out.writeStartDocument(Names.ID);
                out.writeStartArray("$in");
                applied.forEach(i -> BsonKeys.write(out, writes.get(i).key()));
                out.writeEndArray();
                out.writeEndDocument();
            });
            Map<Key, Meta> found = new HashMap<>();
            call.raw(name)
                    .find(call.session(), keys)
                    .projection(Raw.document(out -> out.writeInt32(Names.META, 1)))
                    .batchSize(MOST_WRITES + 1)
                    .forEach(each -> found.put(key(each), Meta.of(each)));
            return found;
        }

        private static Key key(RawBsonDocument document) {
            BsonBinaryReader in = new BsonBinaryReader(document.getByteBuffer().asNIO());
            in.readStartDocument();
            while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
                if (in.readName().equals(Names.ID)) {
                    return BsonKeys.read(in);
                }
                in.skipValue();
            }
            throw new IllegalStateException("a document without an _id");
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
