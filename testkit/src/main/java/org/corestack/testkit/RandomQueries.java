package org.corestack.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.corestack.document.Aggregation;
import org.corestack.document.Aggregation.Measure;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.Key;
import org.corestack.document.Sort;
import org.jspecify.annotations.Nullable;

/** Random filters of all kinds, sorts, projections and aggregations over random documents. Not thread-safe. */
final class RandomQueries {
    private final RandomDocuments documents;
    private final Random random;

    RandomQueries(RandomDocuments documents) {
        this.documents = documents;
        this.random = documents.random();
    }

    Filter filter() {
        return filter(random.nextInt(4), false);
    }

    /** A filter nested so deep; of a document and its key, or of the element of a list. */
    private Filter filter(int depth, boolean ofElement) {
        if (depth > 0) {
            return switch (random.nextInt(5)) {
                case 0 -> filter(depth - 1, ofElement).not();
                case 1 -> filter(depth - 1, ofElement).or(filter(depth - 1, ofElement));
                case 2 -> filter(depth - 1, ofElement).and(filter(depth - 1, ofElement));
                case 3 -> new Filter.Any(path(ofElement), filter(depth - 1, true));
                default -> leaf(ofElement);
            };
        }
        return leaf(ofElement);
    }

    private Filter leaf(boolean ofElement) {
        if (!ofElement && random.nextInt(8) == 0) {
            return ofKey();
        }
        FieldPath path = path(ofElement);
        return switch (random.nextInt(10)) {
            case 0, 1 -> FilterContract.in(path, operands().toArray());
            case 2 -> new Filter.Exists(path);
            case 3 -> new Filter.Prefix(path, documents.pick(List.of("", "a", "b", "ä", "x", "\ud83d\ude00", "%")));
            case 4 -> Filter.compare(path, Operator.EQ, null);
            case 5 -> random.nextInt(4) == 0 ? documents.pick(List.of(Filter.all(), Filter.none())) : comparison(path);
            default -> comparison(path);
        };
    }

    private Filter comparison(FieldPath path) {
        return Filter.compare(path, documents.pick(List.of(Operator.values())), documents.scalar());
    }

    private List<@Nullable Object> operands() {
        List<@Nullable Object> operands = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            operands.add(random.nextInt(6) == 0 ? null : documents.scalar());
        }
        return operands;
    }

    private FieldPath path(boolean ofElement) {
        if (ofElement && random.nextBoolean()) {
            return FieldPath.element();
        }
        if (!ofElement && random.nextInt(8) == 0) {
            return documents.pick(List.of(RandomDocuments.UNIQUE, RandomDocuments.NUMBER));
        }
        return documents.path();
    }

    private Filter ofKey() {
        Key key = documents.key();
        if (random.nextBoolean()) {
            FieldPath component = FieldPath.key(documents.pick(List.of("a", "b", "c")));
            return random.nextInt(3) == 0 ? new Filter.Exists(component) : comparison(component);
        }
        if (key.isRecord() || random.nextBoolean()) {
            return Filter.compare(FieldPath.key(), Operator.EQ, key.value());
        }
        Operator operator = documents.pick(List.of(Operator.values()));
        return random.nextBoolean()
                ? Filter.compare(FieldPath.key(), operator, key.value())
                : new Filter.In(
                        FieldPath.key(), List.of(key.value(), documents.key().value()));
    }

    Sort sort() {
        FieldPath first = path(false);
        Sort sort = random.nextBoolean() ? Sort.ascending(first) : Sort.descending(first);
        FieldPath second = random.nextInt(4) == 0 ? FieldPath.key() : path(false);
        return second.equals(first) || random.nextBoolean() ? sort : sort.then(Sort.descending(second));
    }

    /** Fields to give; often none, which is all. */
    List<FieldPath> only() {
        List<FieldPath> only = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            only.add(path(false));
        }
        return only;
    }

    Aggregation aggregation() {
        List<Measure> measures = new ArrayList<>(List.of(Measure.count(), Measure.sum(RandomDocuments.NUMBER)));
        measures.add(Measure.average(RandomDocuments.NUMBER));
        measures.add(random.nextBoolean() ? Measure.min(path(false)) : Measure.max(path(false)));
        Aggregation aggregation = new Aggregation(List.of(), measures);
        return switch (random.nextInt(4)) {
            case 0 -> aggregation.groupBy(RandomDocuments.UNIQUE);
            case 1 -> aggregation.groupBy(RandomDocuments.NUMBER, FieldPath.key("a"));
            case 2 -> aggregation.groupBy(FieldPath.key("b"));
            default -> aggregation;
        };
    }
}
