package org.corestack.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import de.bwaldvogel.mongo.MongoServer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What is written for the stand-in of filters and orders: on it, and on a server where one is named, it is the same. */
class StandInFilterTest {
    private static final String ODD = "{$numberLong: '9007199254740993'}"; // 2^53 + 1, which is no double

    private record Case(String document, String filter, boolean matches) {}

    private static Case found(String document, String filter) {
        return new Case(document, filter, true);
    }

    private static Case passed(String document, String filter) {
        return new Case(document, filter, false);
    }

    private static final List<Case> NUMBERS = List.of(
            found("{v: " + ODD + "}", "{v: {$numberDecimal: '9007199254740993.0'}}"),
            passed("{v: " + ODD + "}", "{v: {$numberDecimal: '9007199254740992'}}"),
            passed("{v: " + ODD + "}", "{v: 9007199254740992.0}"),
            found("{v: " + ODD + "}", "{v: {$gt: 9007199254740992.0}}"),
            found("{v: 9007199254740992.0}", "{v: {$lt: " + ODD + "}}"),
            found("{v: {$numberLong: '9223372036854775807'}}", "{v: {$lt: 9.223372036854775808E18}}"),
            found("{v: {$numberDecimal: '1E+6111'}}", "{v: {$gt: 1.7976931348623157E308}}"),
            passed("{v: 0.1}", "{v: {$numberDecimal: '0.1'}}"),
            found("{v: 0.5}", "{v: {$in: [7, {$numberDecimal: '0.50'}]}}"),
            found("{v: -0.0}", "{v: 0}"),
            found("{v: {a: 1}}", "{v: {a: {$numberLong: '1'}}}"));

    private static final List<Case> CLASSES = List.of(
            passed("{v: '5'}", "{v: {$gt: 1}}"),
            passed("{v: null}", "{v: {$lt: 1}}"),
            found("{}", "{v: null}"),
            found("{v: null}", "{v: {$exists: true}}"),
            passed("{}", "{v: {$exists: true}}"),
            found("{v: 3}", "{'v.a': null}"),
            found("{v: '\ud83d\ude00'}", "{v: {$gt: '\ue000'}}"),
            found("{v: {$binary: {base64: '/w==', subType: '00'}}}", "{v: {$lt: {$uuid: '" + new UUID(0, 0) + "'}}}"),
            found("{v: {a: 1, b: 2}}", "{v: {a: 1, b: 2}}"),
            passed("{v: {a: 1, b: 2}}", "{v: {b: 2, a: 1}}"),
            found("{v: 1, w: 2}", "{$nor: [{v: 2}, {w: 1}]}"),
            passed("{v: 1, w: 2}", "{$and: [{v: 1}, {$or: [{w: 1}, {w: 3}]}]}"));

    private static final List<Case> LISTS = List.of(
            found("{v: [1, 9]}", "{v: 9}"),
            found("{v: [1, 9]}", "{v: [1, 9]}"),
            passed("{v: [[1, 9]]}", "{v: 9}"),
            found("{v: [1, 9]}", "{v: {$gt: 2, $lt: 6}}"),
            passed("{v: [1, 9]}", "{v: {$not: {$gt: 2}}}"),
            passed("{v: [1]}", "{v: {$not: {$type: 'array'}}}"),
            passed("{v: []}", "{v: {$not: {$type: 'array'}}}"),
            found("{v: [1]}", "{v: {$type: ['string', 'int']}}"),
            passed("{v: []}", "{v: null}"),
            found("{v: [{a: 1}, {a: 2}]}", "{'v.a': 2}"),
            found("{v: [3, {b: 1}]}", "{'v.a': null}"),
            passed("{v: [3]}", "{'v.a': null}"));

    private static final List<Case> ELEMENTS = List.of(
            passed("{v: [1, 9]}", "{v: {$elemMatch: {$gt: 2, $lt: 6}}}"),
            found("{v: ['5', 5]}", "{v: {$elemMatch: {$gt: 2, $lt: 6}}}"),
            passed("{v: [[5]]}", "{v: {$elemMatch: {$gt: 2, $lt: 6}}}"),
            passed("{v: 5}", "{v: {$elemMatch: {$gt: 2}}}"),
            found("{v: [1, 'x', [5], {a: 1, b: 9}]}", "{v: {$elemMatch: {$and: [{a: 1}, {b: 9}]}}}"),
            passed("{v: [1, {a: 1}, {b: 9}]}", "{v: {$elemMatch: {$and: [{a: 1}, {b: 9}]}}}"),
            passed("{v: [{a: 1, b: 1}, {a: 2, b: 9}]}", "{v: {$elemMatch: {a: 1, b: 9}}}"),
            passed("{v: [1]}", "{v: {$elemMatch: {$or: [{a: null}, {b: null}]}}}"),
            found("{v: [[1]]}", "{v: {$elemMatch: {$or: [{a: null}, {b: null}]}}}"),
            found("{v: [{w: [1, 5]}]}", "{v: {$elemMatch: {w: {$elemMatch: {$gt: 2}}}}}"));

    private static void onStandIn(Consumer<MongoCollection<BsonDocument>> test) {
        MongoServer server = StandIn.start();
        try (MongoClient client = MongoClients.create(StandIn.uri(server).replace(StandInProvider.SCHEME, "mongodb"))) {
            test.accept(client.getDatabase("manual").getCollection("things", BsonDocument.class));
        } finally {
            server.shutdownNow();
        }
    }

    private static void filters(MongoCollection<BsonDocument> things) {
        for (List<Case> cases : List.of(NUMBERS, CLASSES, LISTS, ELEMENTS)) {
            for (Case each : cases) {
                things.drop();
                things.insertOne(BsonDocument.parse(each.document));
                assertThat(things.find(BsonDocument.parse(each.filter)).first() != null)
                        .as("%s finds %s", each.filter, each.document)
                        .isEqualTo(each.matches);
            }
        }
    }

    private static void orders(MongoCollection<BsonDocument> things) {
        List<String> ascending = List.of(
                "{_id: 0, v: []}",
                "{_id: 1}",
                "{_id: 2, v: 9007199254740992.0}",
                "{_id: 3, v: " + ODD + "}",
                "{_id: 4, v: [{$numberDecimal: '9007199254740995.5'}, {a: 0}]}",
                "{_id: 5, v: '\ue000'}",
                "{_id: 6, v: '\ud83d\ude00'}",
                "{_id: 7, v: {a: 1}}",
                "{_id: 8, v: true}");
        for (int i = 0; i < ascending.size(); i++) {
            things.insertOne(BsonDocument.parse(ascending.get(i * 5 % ascending.size())));
        }
        List<Integer> found = new ArrayList<>();
        things.find()
                .sort(new BsonDocument("v", new BsonInt32(1)))
                .forEach(each -> found.add(each.getInt32("_id").getValue()));
        assertThat(found).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
        found.clear();
        things.find()
                .sort(new BsonDocument("v", new BsonInt32(-1)))
                .forEach(each -> found.add(each.getInt32("_id").getValue()));
        assertThat(found).as("the list by its largest").containsExactly(8, 7, 4, 6, 5, 3, 2, 1, 0);
    }

    @Test
    void filtersMeanWhatTheManualSays() {
        onStandIn(StandInFilterTest::filters);
    }

    @Test
    void listsAreInTheOrderOfTheManual() {
        onStandIn(StandInFilterTest::orders);
    }

    @Test
    void whatIsNotKnownIsNotMisread() {
        onStandIn(things -> {
            things.insertOne(BsonDocument.parse("{v: 4}"));
            assertThatThrownBy(() -> things.find(BsonDocument.parse("{v: {$mod: [2, 0]}}"))
                            .first())
                    .isInstanceOf(MongoException.class)
                    .hasMessageContaining("$mod");
        });
    }

    @Test
    @EnabledIfSystemProperty(
            named = ReplicaSet.PROPERTY,
            matches = "mongodb.+",
            disabledReason = "no replica set is named by " + ReplicaSet.PROPERTY)
    void aServerMeansTheSame() {
        String name = "t" + UUID.randomUUID().toString().substring(0, 8) + "_manual";
        try (MongoClient client = MongoClients.create(System.getProperty(ReplicaSet.PROPERTY))) {
            try {
                filters(client.getDatabase(name).getCollection("filters", BsonDocument.class));
                orders(client.getDatabase(name).getCollection("orders", BsonDocument.class));
            } finally {
                client.getDatabase(name).drop();
            }
        }
    }
}
