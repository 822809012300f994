package org.corestack.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.model.Updates;
import com.mongodb.client.result.UpdateResult;
import java.util.regex.Pattern;
import org.corestack.document.Key;
import org.corestack.store.StoreClient;
import org.corestack.testkit.NativeAccess;

/** MongoDB's own handles: a client of the driver, and transactions in sessions of it. */
final class Handles implements NativeAccess {
    private final String uri;
    private final String scheme;

    /** For the database of a URI, of which a test's own provider may have the scheme. */
    Handles(String uri) {
        this.scheme = uri.substring(0, uri.indexOf(':'));
        this.uri = uri.replaceFirst(scheme, "mongodb");
    }

    /**
     * A client of the user's own. The names of its databases begin as those of the test do, which a user's do not.
     *
     * @param client the driver's
     * @param prefix what the names begin with
     * @param standIn whether its server is the stand-in
     */
    record Own(MongoClient client, String prefix, boolean standIn) implements AutoCloseable {
        @Override
        public void close() {
            client.listDatabaseNames().first(); // fails if the library has closed it
            client.close();
        }
    }

    @Override
    public Object handle(StoreClient client) {
        MongoUri parsed = MongoUri.parse(uri);
        return new Own(MongoClients.create(parsed.settings()), parsed.prefix(), scheme.equals(StandInProvider.SCHEME));
    }

    @Override
    public NativeTransaction begin(StoreClient client) {
        ClientSession session = client.unwrap(MongoClient.class).startSession();
        session.startTransaction();
        return new Begun(session);
    }

    @Override
    public void spoil(StoreClient client, String store, String collection, Key key) {
        UpdateResult result = client.unwrap(MongoClient.class)
                .getDatabase(MongoUri.parse(uri).prefix() + store)
                .getCollection(collection)
                .updateOne(
                        Raw.document(out -> Conditions.key(out, key)),
                        Updates.set("other", Pattern.compile("another's")));
        assertThat(result.getModifiedCount()).isEqualTo(1);
    }

    private record Begun(ClientSession handle) implements NativeTransaction {
        @Override
        public void commit() {
            handle.commitTransaction();
        }

        @Override
        public void rollback() {
            handle.abortTransaction();
        }

        @Override
        public void close() {
            handle.close();
        }
    }
}
