package org.corestack.benchmarks;

import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Updates;
import com.mongodb.client.result.UpdateResult;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.Decimal128;

/**
 * The work done by hand with the driver on MongoDB: the same index, writes as durable, documents by the driver's codec, a
 * version that each update raises. No row of a log, as there is the server's own.
 */
final class MongoByHand implements StoreWork {
    /** Of the work by hand; the library's is {@code bench}. */
    static final String DATABASE = "bench-by-hand";

    private static final int BATCH = 1_000;

    private final MongoClient client;
    private final MongoCollection<Document> orders;

    MongoByHand(String uri) {
        client = MongoClients.create(uri);
        client.getDatabase(DATABASE).drop();
        orders = client.getDatabase(DATABASE)
                .getCollection("orders")
                .withWriteConcern(WriteConcern.MAJORITY.withJournal(true));
        orders.createIndex(Indexes.ascending("group"));
    }

    private static Document sample(int number) {
        Document document = new Document("_id", Sample.key(number)).append("version", 1L);
        document.putAll(Sample.fields(number));
        return document.append("total", new Decimal128(Sample.total(number)))
                .append("placed", Date.from(Sample.placed(number)));
    }

    @Override
    public void load(int samples) {
        for (int from = 0; from < samples; from += BATCH) {
            List<Document> some = new ArrayList<>();
            for (int i = from; i < Math.min(from + BATCH, samples); i++) {
                some.add(sample(i));
            }
            orders.insertMany(some);
        }
    }

    @Override
    public void insert(int number) {
        orders.insertOne(sample(number));
    }

    @Override
    public Object find(int number) {
        return found(number).get("note") + "";
    }

    private Document found(int number) {
        Document found = orders.find(Filters.eq(Sample.key(number))).first();
        if (found == null) {
            throw new IllegalStateException("there is no " + Sample.key(number));
        }
        return found;
    }

    @Override
    public void update(int number, int parcels) {
        expectOne(orders.updateOne(Filters.eq(Sample.key(number)), change(parcels)));
    }

    @Override
    public void updateIfUnchanged(int number, int parcels) {
        Document found = found(number);
        Bson unchanged = Filters.and(Filters.eq(found.get("_id")), Filters.eq("version", found.get("version")));
        expectOne(orders.updateOne(unchanged, change(parcels)));
    }

    private static Bson change(int parcels) {
        return Updates.combine(
                Updates.set("status", "PAID"), Updates.set("parcels", parcels), Updates.inc("version", 1L));
    }

    private static void expectOne(UpdateResult result) {
        if (result.getMatchedCount() != 1) {
            throw new IllegalStateException("changed meanwhile");
        }
    }

    @Override
    public List<?> findGroup(int group) {
        return orders.find(Filters.eq("group", group))
                .sort(Indexes.ascending("_id"))
                .into(new ArrayList<>());
    }

    @Override
    public int stream() {
        int count = 0;
        try (MongoCursor<Document> all =
                orders.find().sort(Indexes.ascending("_id")).batchSize(BATCH).cursor()) {
            while (all.hasNext()) {
                count += all.next().get("note") == null ? 0 : 1;
            }
        }
        return count;
    }

    @Override
    public void close() {
        client.getDatabase(DATABASE).drop();
        client.close();
    }
}
