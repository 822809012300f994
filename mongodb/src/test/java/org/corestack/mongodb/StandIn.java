package org.corestack.mongodb;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.aggregation.Expression;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.backend.memory.MemoryDatabase;
import de.bwaldvogel.mongo.bson.BsonTimestamp;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The Java stand-in for MongoDB, with what it lacks and the engine's plain reads and writes need put before it: the
 * cluster's clock ({@code operationTime}, {@code $currentDate}, {@code $$CLUSTER_TIME} in the engine's own pipeline),
 * sessions by name, UUIDs of collections, {@code $bsonSize}; and with what it does otherwise done as the server does it:
 * filters and orders by {@link StandInDatabase}, operators of updates by {@link StandInUpdate}. One command at a time.
 *
 * <p>What is put there is what the server's manual says, and no proof of what a server does.
 */
final class StandIn extends MemoryBackend {
    /** The server ends a batch at a size, the stand-in at none. */
    private static final int MOST_DOCUMENTS = 100;

    private static final long MOST_BYTES = 4L << 20;

    private final long seconds = Instant.now().getEpochSecond();
    private final Map<String, UUID> collections = new HashMap<>();
    private int ticks;

    /** A server on a port of its own. */
    static MongoServer start() {
        MongoServer server = new MongoServer(new StandIn());
        server.bind("127.0.0.1", 0);
        return server;
    }

    static String uri(MongoServer server) {
        return StandInProvider.SCHEME + "://127.0.0.1:"
                + server.getLocalAddress().getPort();
    }

    @Override
    public MemoryDatabase openOrCreateDatabase(String name) {
        return new StandInDatabase(name, getCursorRegistry());
    }

    private BsonTimestamp tick() {
        return new BsonTimestamp(Instant.ofEpochSecond(seconds), ++ticks);
    }

    @Override
    public synchronized Document handleCommand(Channel channel, String database, String command, Document query) {
        Document reply;
        int most = query.containsKey("batchSize") ? most(channel, database, query) : MOST_DOCUMENTS;
        query.computeIfPresent("batchSize", (name, size) -> Math.min(((Number) size).intValue(), most));
        if (command.equalsIgnoreCase("findAndModify")) {
            reply = findAndModify(channel, database, query);
        } else if (command.equalsIgnoreCase("update") && isUpserts(query)) {
            reply = upserts(channel, database, query);
        } else {
            reply = super.handleCommand(channel, database, command, query);
        }
        if (command.equalsIgnoreCase("ismaster")) {
            reply.put("logicalSessionTimeoutMinutes", 30);
        } else if (command.equalsIgnoreCase("listCollections")) {
            addUuids(database, reply);
        } else if (command.equalsIgnoreCase("drop")) {
            collections.remove(database + "." + query.get(command));
        }
        reply.put("operationTime", tick());
        // The stand-in changes its documents where they are, field by field: one on its way to the client too.
        return reply.cloneDeeply();
    }

    /** How many documents a batch has, if all are of the size of the first. */
    private int most(Channel channel, String database, Document query) {
        Object collection = query.get(query.containsKey("find") ? "find" : "collection");
        if (!(collection instanceof String name)) {
            return MOST_DOCUMENTS;
        }
        Document find = new Document("find", name).append("limit", 1);
        List<Document> first = firstBatch(super.handleCommand(channel, database, "find", find));
        return first.isEmpty()
                ? MOST_DOCUMENTS
                : (int) Math.max(1, Math.min(MOST_DOCUMENTS, MOST_BYTES / size(first.get(0))));
    }

    private void addUuids(String database, Document reply) {
        for (Document each : firstBatch(reply)) {
            String name = database + "." + each.get("name");
            ((Document) each.get("info")).put("uuid", collections.computeIfAbsent(name, made -> UUID.randomUUID()));
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Document> firstBatch(Document reply) {
        return (List<Document>) ((Document) reply.get("cursor")).get("firstBatch");
    }

    private Document findAndModify(Channel channel, String database, Document query) {
        Document filter = (Document) query.get("query");
        Document stored = find(channel, database, query, filter.get("_id"));
        if (filter.get("_cs") instanceof Document never && "minKey".equals(never.get("$type"))) {
            return create(channel, database, query, stored);
        }
        Document before = stored == null ? null : stored.cloneDeeply();
        resolveSize(filter, stored);
        if (query.get("update") instanceof List<?> pipeline) {
            Document replaced = replaced((Document) pipeline.get(0), stored);
            query.put("update", replaced == null ? new Document("$set", new Document()) : replaced);
        } else if (query.get("update") instanceof Document update) {
            if (stored != null) {
                StandInUpdate.resolve(update, stored);
            }
            forgetWhatIsSet(channel, database, query, update);
            Document dates = (Document) update.get("$currentDate");
            if (dates != null && dates.remove("_cs.v") != null) {
                if (dates.isEmpty()) {
                    update.remove("$currentDate");
                }
                Document set = (Document) update.getOrDefault("$set", new Document());
                set.put("_cs.v", tick());
                update.put("$set", set);
            }
        }
        try {
            Document reply = super.handleCommand(channel, database, "findAndModify", query);
            if (reply.get("value") instanceof Document value) {
                reply.put("value", value.cloneDeeply()); // it is the stored one, which others change
            }
            return reply;
        } catch (RuntimeException e) {
            if (before != null) {
                change(channel, database, query, before); // what was forgotten
            }
            throw e;
        }
    }

    /** An upsert whose filter matches no document; with many fields the stand-in's own takes minutes. */
    private Document create(Channel channel, String database, Document query, Document stored) {
        if (stored != null) {
            throw new MongoServerError(11000, "DuplicateKey", "E11000 duplicate key error index: _id_ dup key");
        }
        Document created = new Document("_id", ((Document) query.get("query")).get("_id"));
        Document meta = new Document("v", tick());
        if (query.get("update") instanceof List<?> pipeline) {
            List<?> parts =
                    (List<?>) ((Document) ((Document) pipeline.get(0)).get("$replaceWith")).get("$mergeObjects");
            created.putAll((Document) ((Document) parts.get(1)).get("$literal"));
            Document by = (Document) ((Document) ((Document) parts.get(2)).get("_cs")).get("by");
            meta.append("by", by.get("$literal"));
        } else {
            Document fields = (Document) ((Document) query.get("update")).get("$setOnInsert");
            meta.append("by", fields.remove("_cs.by"));
            created.putAll(fields);
        }
        created.put("_cs", meta);
        Document insert = new Document("insert", query.get("findAndModify"))
                .append("ordered", true)
                .append("documents", List.of(created));
        Document reply = super.handleCommand(channel, database, "insert", insert);
        if (reply.get("writeErrors") instanceof List<?> errors) {
            Document error = (Document) errors.get(0);
            throw new MongoServerError((Integer) error.get("code"), "DuplicateKey", (String) error.get("errmsg"));
        }
        reply.put("value", new Document("_cs", meta));
        return reply;
    }

    private static boolean isUpserts(Document query) {
        return ((List<?>) query.get("updates"))
                .stream().allMatch(each -> Boolean.TRUE.equals(((Document) each).get("upsert")));
    }

    /** The statements one by one, of which each succeeds or fails by itself. */
    private Document upserts(Channel channel, String database, Document query) {
        List<Document> errors = new ArrayList<>();
        int index = 0;
        for (Object each : (List<?>) query.get("updates")) {
            Document statement = (Document) each;
            Document modify = new Document("findAndModify", query.get("update"))
                    .append("query", statement.get("q"))
                    .append("update", statement.get("u"))
                    .append("upsert", true)
                    .append("new", true);
            try {
                findAndModify(channel, database, modify);
            } catch (MongoServerError e) {
                errors.add(
                        new Document("index", index).append("code", e.getCode()).append("errmsg", e.getMessage()));
            }
            index++;
        }
        Document reply = new Document("n", index - errors.size()).append("nModified", index - errors.size());
        if (!errors.isEmpty()) {
            reply.append("writeErrors", errors);
        }
        return reply.append("ok", 1.0);
    }

    private Document find(Channel channel, String database, Document query, Object id) {
        Document find = new Document("find", query.get("findAndModify"))
                .append("filter", new Document("_id", id))
                .append("limit", 1);
        List<Document> found = firstBatch(super.handleCommand(channel, database, "find", find));
        return found.isEmpty() ? null : found.get(0);
    }

    /** {@code {$expr: {$lte: [{$bsonSize: "$$ROOT"}, n]}}}, with the size in place. */
    private static void resolveSize(Document filter, Document stored) {
        if (filter.get("$expr") instanceof Document expression && expression.get("$lte") instanceof List<?> operands) {
            long size = stored == null ? 0 : size(stored);
            expression.put("$lte", List.of(size, operands.get(1)));
        }
    }

    private static long size(Document document) {
        ByteBuf bytes = Unpooled.buffer();
        try {
            BsonEncoder.encodeDocument(document, bytes);
            return bytes.writerIndex();
        } finally {
            bytes.release();
        }
    }

    /** What {@code {$replaceWith: {$cond: [if, {$mergeObjects: [id, {$literal: document}, meta]}, "$$ROOT"]}}} gives. */
    private Document replaced(Document stage, Document stored) {
        List<?> condition = (List<?>) ((Document) stage.get("$replaceWith")).get("$cond");
        BsonTimestamp now = new BsonTimestamp(Instant.ofEpochSecond(seconds), ticks);
        List<?> operands = (List<?>) ((Document) condition.get(0)).get("$lt");
        Document isLater = new Document("$lt", List.of(operands.get(0), now));
        if (stored == null || !Boolean.TRUE.equals(Expression.evaluateDocument(isLater, stored))) {
            return null;
        }
        List<?> parts = (List<?>) ((Document) condition.get(1)).get("$mergeObjects");
        Document replaced = ((Document) ((Document) parts.get(1)).get("$literal")).cloneDeeply();
        Document meta = (Document) ((Document) parts.get(2)).get("_cs");
        Object by = ((Document) meta.get("by")).get("$literal");
        replaced.put("_cs", new Document("v", now).append("by", by));
        return replaced;
    }

    /** To the stand-in {@code $set} of 1.0 over 1 changes nothing; to the server values of two types are never one. */
    private void forgetWhatIsSet(Channel channel, String database, Document query, Document update) {
        Document find = new Document("find", query.get("findAndModify")).append("filter", query.get("query"));
        boolean matches = !firstBatch(super.handleCommand(channel, database, "find", find))
                .isEmpty();
        if (matches && update.get("$set") instanceof Document set) {
            Document unset = new Document();
            Document stored = find(channel, database, query, ((Document) query.get("query")).get("_id"));
            set.keySet().stream()
                    .filter(path -> StandInUpdate.leadsThroughDocuments(path, stored))
                    .forEach(path -> unset.put(path, ""));
            if (!unset.isEmpty()) {
                change(channel, database, query, new Document("$unset", unset));
            }
            query.put("query", new Document("_id", ((Document) query.get("query")).get("_id"))); // it has matched
        }
    }

    private void change(Channel channel, String database, Document query, Document how) {
        Document change =
                new Document("q", new Document("_id", ((Document) query.get("query")).get("_id"))).append("u", how);
        Document update = new Document("update", query.get("findAndModify")).append("updates", List.of(change));
        super.handleCommand(channel, database, "update", update);
    }
}
