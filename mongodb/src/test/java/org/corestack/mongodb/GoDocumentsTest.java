package org.corestack.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.corestack.table.EntryCondition.none;
import static org.corestack.table.Fields.all;
import static org.corestack.table.Fields.field;
import static org.corestack.table.Fields.key;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.IndexOptions;
import de.bwaldvogel.mongo.MongoServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.bson.BsonDocument;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.StoredDocument;
import org.corestack.store.ClientOptions;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;
import org.corestack.table.Entry;
import org.corestack.table.EntryShape;
import org.corestack.table.Table;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Collections as the Go library makes them, by the driver, are read and written. */
class GoDocumentsTest {
    private static final Key KEY = Key.of(Document.of("name", "billing-1", "zone", 7L));
    private static final String STORED = "{_id: {name: 'billing-1', zone: {$numberLong: '7'}}, lastseen:"
            + " {$numberLong: '1795779070'}, tags: ['a'], inner: {count: 2}}";

    private final MongoServer server = StandIn.start();
    private final StoreClient client =
            StoreClient.open(StandIn.uri(server), ClientOptions.ofDefaults().withTimeout(Duration.ofSeconds(20)));
    private final StoreCollection ours = client.store("sync").collection("owner-table");
    private final MongoCollection<BsonDocument> theirs =
            client.unwrap(MongoClient.class).getDatabase("sync").getCollection("owner-table", BsonDocument.class);

    @AfterEach
    void close() {
        client.close();
        server.shutdownNow();
    }

    @Test
    void aDocumentOfTheirsIsOfVersionZero() {
        theirs.insertOne(BsonDocument.parse(STORED));
        StoredDocument found = ours.find(KEY).orElseThrow();
        assertThat(found.version()).isZero();
        assertThat(found.document())
                .isEqualTo(Document.of("lastseen", 1795779070L, "tags", List.of("a"))
                        .with("inner", Document.of("count", 2)));
        assertThat(ours.findMany(
                        Filter.compare(FieldPath.key("name"), Operator.EQ, "billing-1"), FindOptions.ofDefaults()))
                .containsExactly(found);
    }

    @Test
    void theirFieldsStayWhereOursAreWritten() {
        theirs.insertOne(BsonDocument.parse(STORED));
        long version = ours.update(KEY, Document.of("lastseen", 1L), Set.of(), Condition.ifVersion(0))
                .version();
        assertThat(version).isPositive();
        ours.patch(KEY, Patch.increment(FieldPath.of("inner.count"), 1), Condition.ifVersion(version));
        BsonDocument stored = theirs.find().first();
        stored.remove("_cs");
        assertThat(stored)
                .isEqualTo(BsonDocument.parse(STORED.replace("1795779070", "1").replace("count: 2", "count: 3")));
        assertThat(stored.getFirstKey()).isEqualTo("_id");
    }

    @Test
    void whatIsInsertedHasTheKeyAsTheyHaveIt() {
        ours.insert(KEY, Document.of("lastseen", 1L));
        assertThat(theirs.find(BsonDocument.parse("{_id: {name: 'billing-1', zone: {$numberLong: '7'}}}"))
                        .first())
                .as("in the order of the record, with 64 bit integers")
                .isNotNull();
    }

    /** A key as Go has it: names without capitals, a UUID as the array of bytes that it is there. */
    record ProviderKey(String extKey, UUID providerId) {}

    record Provider(@Nullable String ownerName, UUID cluster, Duration lease, Optional<Instant> lastSeen) {}

    private static final UUID ID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    private static final String BYTES = "{$binary: {base64: 'ABEiM0RVZneImaq7zN3u/w==', subType: '00'}}";
    private static final String PROVIDER = "{_id: {extkey: 'k', providerid: " + BYTES + "}, ownername: 'o', cluster: "
            + BYTES + ", lease: {$numberLong: '30000000000'}, lastseen: {$date: '2026-11-24T12:00:00Z'}}";

    private Table<ProviderKey, Provider> providers() {
        return Table.open(client.store("sync"), "owner-table", ProviderKey.class, Provider.class, EntryShape.GO);
    }

    @Test
    void aTableCanHaveTheShapeThatTheirDriverGives() {
        ProviderKey key = new ProviderKey("k", ID);
        Instant seen = Instant.parse("2026-11-24T12:00:00Z");
        Provider provider = new Provider("o", ID, Duration.ofSeconds(30), Optional.of(seen));
        providers().insert(key, provider);
        BsonDocument stored = theirs.find().first();
        stored.remove("_cs");
        assertThat(stored).isEqualTo(BsonDocument.parse(PROVIDER));
        assertThat(providers()
                        .findMany(field(Provider::cluster)
                                .eq(ID)
                                .and(field(Provider::ownerName).eq("o"))))
                .extracting(Entry::key, Entry::value)
                .containsExactly(tuple(key, provider));
        providers().patch(key, field(Provider::lease).set(Duration.ofNanos(5)), none());
        assertThat(theirs.find().first().getInt64("lease").getValue()).isEqualTo(5);
        assertThat(providers().findMany(key(ProviderKey::providerId).eq(ID))).hasSize(1);
    }

    @Test
    void aTableReadsWhatTheirDriverWrites() {
        theirs.insertOne(BsonDocument.parse(PROVIDER.replace("ownername: 'o'", "ownername: null")));
        Entry<ProviderKey, Provider> entry =
                providers().findEntry(new ProviderKey("k", ID)).orElseThrow();
        assertThat(entry.version()).isZero();
        assertThat(entry.value().ownerName()).isNull();
        assertThat(entry.value().cluster()).isEqualTo(ID);
        assertThat(entry.value().lease()).isEqualTo(Duration.ofSeconds(30));
        assertThat(providers().findMany(all())).containsExactly(entry);
    }

    @Test
    void theirIndexesAreRecognised() {
        theirs.createIndex(
                BsonDocument.parse("{expires: 1}"),
                new IndexOptions().name("go-ttl").expireAfter(60L, TimeUnit.SECONDS));
        theirs.createIndex(
                BsonDocument.parse("{owner: 1}"),
                new IndexOptions().name("go-sparse").sparse(true));
        ours.ensureIndex(Index.on(FieldPath.of("expires")).expiring(Duration.ofSeconds(60)));
        ours.ensureIndex(Index.on(FieldPath.of("owner")).asSparse());
        List<String> names = new ArrayList<>();
        theirs.listIndexes(BsonDocument.class)
                .forEach(each -> names.add(each.getString("name").getValue()));
        assertThat(names).containsExactlyInAnyOrder("_id_", "go-ttl", "go-sparse");
    }
}
