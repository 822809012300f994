package org.corestack.benchmarks;

import com.mongodb.client.MongoChangeStreamCursor;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.model.changestream.ChangeStreamDocument;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.bson.Document;

/** A change stream of the driver. */
final class MongoFeedByHand implements FeedByHand {
    private static final String DATABASE = "bench";

    private final MongoClient client;
    private final MongoChangeStreamCursor<ChangeStreamDocument<Document>> stream;

    MongoFeedByHand(String uri) {
        client = MongoClients.create(uri);
        stream = client.getDatabase(DATABASE).getCollection("events").watch().cursor();
    }

    static void drop(String uri) {
        try (MongoClient client = MongoClients.create(uri)) {
            client.getDatabase(DATABASE).drop();
        }
    }

    @Override
    public void follow(Consumer<String> seen, BooleanSupplier ended) {
        while (!ended.getAsBoolean()) {
            ChangeStreamDocument<Document> change = stream.tryNext();
            if (change != null && change.getDocumentKey() != null) {
                seen.accept(change.getDocumentKey().getString("_id").getValue());
            }
        }
    }

    @Override
    public void read(int changes) {
        for (int decoded = 0; decoded < changes; ) {
            Document document = stream.next().getFullDocument();
            decoded += document == null || document.isEmpty() ? 0 : 1;
        }
    }

    @Override
    public void close() {
        stream.close();
        client.close();
    }
}
