package org.corestack.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.corestack.document.Aggregation;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.Sort;
import org.corestack.document.StoredDocument;
import org.corestack.document.ValueType;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.errors.ErrorCode;
import org.corestack.store.BulkResult;
import org.corestack.store.Store;
import org.corestack.store.StoreCollection;
import org.jspecify.annotations.Nullable;

/** Random operations on a collection and on its model, compared one by one. Not thread-safe. */
final class ModelSession {
    private final Random random;
    private final RandomDocuments documents;
    private final RandomQueries queries;
    private StoreCollection collection;
    private Model model = new Model(RandomDocuments.UNIQUE);

    ModelSession(Random random, StoreCollection collection) {
        this.random = random;
        this.documents = new RandomDocuments(random);
        this.queries = new RandomQueries(documents);
        this.collection = collection;
    }

    void step() {
        switch (random.nextInt(14)) {
            case 0, 1, 2, 3, 4, 5 -> write(randomWrite(true));
            case 6, 7 -> bulk();
            case 8 -> deleteMany();
            case 9 -> aggregate();
            case 10 -> page();
            case 11 -> findSorted(queries.filter(), Sort.byKey());
            default -> findSorted(queries.filter(), queries.sort());
        }
    }

    /** Some steps in a transaction, which is undone now and then. */
    void transaction(Store store) {
        StoreCollection outside = collection;
        Model before = model;
        IllegalStateException undo = new IllegalStateException("undone by the test");
        boolean undone = random.nextInt(3) == 0;
        try {
            store.inTransaction(transaction -> {
                collection = transaction.collection(outside.name());
                model = before.copy();
                for (int i = 0; i < 5; i++) {
                    step();
                }
                if (undone) {
                    throw undo;
                }
                return true;
            });
            assertThat(undone).isFalse();
        } catch (IllegalStateException e) {
            assertThat(e).isSameAs(undo);
            model = before;
        } finally {
            collection = outside;
        }
    }

    private Write randomWrite(boolean times) {
        Key key = documents.key();
        return switch (random.nextInt(8)) {
            case 0, 1 -> new Write.Insert(key, documents.document());
            case 2 -> new Write.Replace(key, documents.document(), condition(key));
            case 3 -> {
                Document set = documents.document();
                yield new Write.Merge(key, set, unset(set), condition(key));
            }
            case 4 -> {
                Document set = documents.document();
                yield new Write.Upsert(key, set, unset(set));
            }
            case 5 -> new Write.Delete(key, condition(key));
            default -> new Write.Apply(key, documents.patch(times), condition(key), times && random.nextBoolean());
        };
    }

    private Set<String> unset(Document set) {
        Set<String> names = documents.names();
        names.removeAll(set.names());
        return names;
    }

    /** A condition that holds or one that does not. */
    private Condition condition(Key key) {
        StoredDocument current = model.get(key);
        int kind = random.nextInt(6);
        if (kind == 0) {
            return Condition.matching(queries.filter());
        }
        return current == null || kind > 2
                ? Condition.none()
                : Condition.ifVersion(current.version() + random.nextInt(2));
    }

    private @Nullable Written run(Write write) {
        if (write instanceof Write.Insert insert) {
            return collection.insert(insert.key(), insert.document());
        }
        if (write instanceof Write.Replace replace) {
            return collection.replace(replace.key(), replace.document(), replace.condition());
        }
        if (write instanceof Write.Merge merge) {
            return collection.update(merge.key(), merge.set(), merge.unset(), merge.condition());
        }
        if (write instanceof Write.Upsert upsert) {
            return collection.upsert(upsert.key(), upsert.set(), upsert.unset());
        }
        if (write instanceof Write.Delete) {
            return collection.delete(write.key(), write.condition()).orElse(null);
        }
        Write.Apply apply = (Write.Apply) write;
        if (!apply.returning()) {
            return collection.patch(apply.key(), apply.patch(), apply.condition());
        }
        StoredDocument after = collection.patchAndGet(apply.key(), apply.patch(), apply.condition());
        assertThat(collection.find(apply.key())).contains(after);
        return new Written(after.version(), new Position("none"));
    }

    private void write(Write write) {
        StoredDocument before = model.get(write.key());
        AtomicReference<@Nullable Written> written = new AtomicReference<>();
        ErrorCode error = ContractBase.codeOf(() -> written.set(run(write)));
        StoredDocument found = collection.find(write.key()).orElse(null);
        Document old = before == null ? null : before.document();
        Instant time = error == null && found != null ? Model.serverTime(write, old, found.document()) : Instant.EPOCH;
        Model.Expected expected = model.expect(write, time);
        if (write instanceof Write.Delete && before == null) {
            assertThat(error).as("%s", write).isNull();
            assertThat(written.get()).as("%s", write).isNull();
        } else {
            assertThat(error).as("%s of %s", write, before).isEqualTo(expected.error());
        }
        if (expected.error() == null) {
            model.keep(
                    write.key(), expected.after(), requireNonNull(written.get()).version());
        }
        assertThat(found).as("after %s of %s", write, before).isEqualTo(model.get(write.key()));
    }

    private void bulk() {
        List<Write> writes = new ArrayList<>();
        for (int i = random.nextInt(8); i >= 0; i--) {
            writes.add(randomWrite(false));
        }
        List<BulkResult> results = collection.writeAll(writes);
        for (int i = 0; i < writes.size(); i++) {
            Write write = writes.get(i);
            BulkResult result = results.get(i);
            Model.Expected expected = model.expect(write, Instant.EPOCH);
            assertThat(ContractBase.codeOf(result::get))
                    .as("write %s of %s", i, writes)
                    .isEqualTo(expected.error());
            if (expected.error() == null) {
                model.keep(write.key(), expected.after(), result.get().version());
            }
        }
        assertSameContent();
    }

    private void deleteMany() {
        Filter filter = queries.filter().and(queries.filter());
        List<StoredDocument> meant = meant(filter);
        assertThat(collection.deleteMany(filter)).as("%s", filter).isEqualTo(meant.size());
        meant.forEach(one -> model.keep(one.key(), null, 0));
        assertSameContent();
    }

    private List<StoredDocument> meant(Filter filter) {
        return model.documents().values().stream()
                .filter(stored -> filter.matches(stored.key(), stored.document()))
                .toList();
    }

    private void aggregate() {
        Filter filter = queries.filter();
        List<StoredDocument> meant = meant(filter);
        assertThat(collection.count(filter)).as("the count of %s", filter).isEqualTo(meant.size());
        Aggregation aggregation = queries.aggregation();
        Aggregation.Measure last = aggregation.measures().get(3);
        boolean oneClass = meant.stream()
                        .map(stored -> requireNonNull(last.path()).read(stored.key(), stored.document()))
                        .filter(value -> value != null && ValueType.of(value).isScalar())
                        .map(value -> value instanceof Number
                                ? "number"
                                : ValueType.of(value).name())
                        .distinct()
                        .count()
                < 2;
        if (!oneClass) { // which of several classes is the largest is the engine's
            aggregation =
                    new Aggregation(aggregation.by(), aggregation.measures().subList(0, 3));
        }
        Groups.assertSame(collection.aggregate(filter, aggregation), aggregation.of(meant), aggregation);
    }

    /** A part of a list whose order is the same on every engine: that of the keys. */
    private void page() {
        Filter filter = queries.filter();
        FindOptions options = FindOptions.ofDefaults()
                .skip(random.nextInt(5))
                .limit(1 + random.nextInt(6))
                .only(queries.only());
        List<StoredDocument> expected = meant(filter).stream()
                .skip(options.skip())
                .limit(options.limit())
                .map(stored -> projected(stored, options))
                .toList();
        assertThat(collection.findMany(filter, options))
                .as("%s, %s", filter, options)
                .isEqualTo(expected);
    }

    private static StoredDocument projected(StoredDocument stored, FindOptions options) {
        return new StoredDocument(stored.key(), options.project(stored.document()), stored.version());
    }

    private void findSorted(Filter filter, Sort sort) {
        FindOptions options = FindOptions.sortBy(sort).only(queries.only());
        List<StoredDocument> found = collection.findMany(filter, options);
        assertThat(found)
                .as("%s, %s", filter, options)
                .containsExactlyInAnyOrderElementsOf(meant(filter).stream()
                        .map(stored -> projected(stored, options))
                        .toList());
        List<StoredDocument> whole =
                found.stream().map(one -> requireNonNull(model.get(one.key()))).toList();
        assertPairsInOrder(whole, sort);
    }

    /** Where every sorted value of two neighbours is of one class, the meaning says which comes first. */
    private static void assertPairsInOrder(List<StoredDocument> found, Sort sort) {
        Comparator<StoredDocument> comparator = sort.comparator();
        for (int i = 1; i < found.size(); i++) {
            StoredDocument before = found.get(i - 1);
            StoredDocument after = found.get(i);
            boolean said = sort.terms().stream()
                    .allMatch(term -> isSaid(
                            term.path().read(before.key(), before.document()),
                            term.path().read(after.key(), after.document())));
            if (said) {
                assertThat(comparator.compare(before, after))
                        .as("%s before %s by %s", before, after, sort)
                        .isNegative();
            }
        }
    }

    private static boolean isSaid(@Nullable Object left, @Nullable Object right) {
        ValueType one = ValueType.of(left);
        ValueType other = ValueType.of(right);
        return one.isNumber() ? other.isNumber() : one == other && (one == ValueType.NULL || one.isScalar());
    }

    void assertSameContent() {
        assertThat(collection.findMany(Filter.all(), FindOptions.ofDefaults()))
                .containsExactlyElementsOf(model.documents().values());
    }
}
