package org.corestack.mongodb;

import com.mongodb.ExplainVerbosity;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoClient;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.store.StoreClient;
import org.corestack.testkit.PlanReader;

/** Reads the plans of a server's {@code explain}. */
final class MongoPlans implements PlanReader {
    private final String prefix;

    MongoPlans(String uri) {
        this.prefix = MongoUri.parse(uri).prefix();
    }

    @Override
    public Plan explain(StoreClient client, String store, String collection, Filter filter, FindOptions options) {
        FindIterable<BsonDocument> found = Link.servers(client.unwrap(MongoClient.class))
                .getDatabase(prefix + store)
                .getCollection(collection, BsonDocument.class)
                .find(FilterBson.of(filter));
        List<BsonDocument> looked = stages(found);
        List<BsonDocument> stages = stages(found.sort(ListOrder.of(options.sort())));
        // for few documents in order the planner may rather read that order than the bounds of the filter
        boolean bounded = looked.stream().allMatch(stage -> !isScan(stage) || isBounded(stage))
                && looked.stream().anyMatch(stage -> isBounded(stage));
        boolean ordered = stages.stream().noneMatch(stage -> name(stage).equals("SORT"));
        return new Plan(bounded, ordered, looked + " and in order " + stages);
    }

    private static List<BsonDocument> stages(FindIterable<BsonDocument> found) {
        BsonDocument explained = found.explain(BsonDocument.class, ExplainVerbosity.QUERY_PLANNER);
        List<BsonDocument> stages = new ArrayList<>();
        collect(explained.getDocument("queryPlanner").getDocument("winningPlan"), stages);
        return stages;
    }

    private static void collect(BsonValue value, List<BsonDocument> stages) {
        if (value.isDocument()) {
            if (value.asDocument().containsKey("stage")) {
                stages.add(value.asDocument());
            }
            value.asDocument().values().forEach(each -> collect(each, stages));
        } else if (value.isArray()) {
            value.asArray().forEach(each -> collect(each, stages));
        }
    }

    private static String name(BsonDocument stage) {
        return stage.getString("stage", new BsonString("")).getValue();
    }

    private static boolean isScan(BsonDocument stage) {
        return name(stage).equals("IXSCAN") || name(stage).equals("COLLSCAN");
    }

    /** Whether the first field of an index is bounded, at one end at least. */
    private static boolean isBounded(BsonDocument stage) {
        if (name(stage).equals("IDHACK")) {
            return true;
        }
        BsonDocument bounds = stage.getDocument("indexBounds", new BsonDocument());
        if (bounds.isEmpty()) {
            return false;
        }
        BsonArray first = bounds.values().iterator().next().asArray();
        return first.stream()
                .map(each -> each.asString().getValue())
                .noneMatch(each -> each.equals("[MinKey, MaxKey]") || each.equals("[MaxKey, MinKey]"));
    }
}
