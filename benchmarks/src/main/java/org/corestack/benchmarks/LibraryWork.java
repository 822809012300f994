package org.corestack.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Filter.Operator;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.store.BulkResult;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;

/** The work done by the library, on any engine. */
final class LibraryWork implements StoreWork {
    private static final FieldPath GROUP = FieldPath.of("group");
    private static final int BATCH = 1_000;

    private final StoreClient client;
    private final StoreCollection orders;

    LibraryWork(String uri) {
        client = StoreClient.open(uri);
        orders = client.store("bench").collection("orders");
        orders.ensureIndex(Index.on(GROUP));
    }

    @Override
    public void load(int samples) {
        for (int from = 0; from < samples; from += BATCH) {
            List<Write> writes = new ArrayList<>();
            for (int i = from; i < Math.min(from + BATCH, samples); i++) {
                writes.add(new Write.Insert(Key.of(Sample.key(i)), Sample.document(i)));
            }
            orders.writeAll(writes).forEach(BulkResult::get);
        }
    }

    @Override
    public void insert(int number) {
        orders.insert(Key.of(Sample.key(number)), Sample.document(number));
    }

    @Override
    public Object find(int number) {
        return found(number).document().get("note") + "";
    }

    private StoredDocument found(int number) {
        return orders.find(Key.of(Sample.key(number))).orElseThrow();
    }

    @Override
    public void update(int number, int parcels) {
        orders.update(Key.of(Sample.key(number)), change(parcels), Set.of(), Condition.none());
    }

    @Override
    public void updateIfUnchanged(int number, int parcels) {
        StoredDocument found = found(number);
        orders.update(found.key(), change(parcels), Set.of(), Condition.ifVersion(found.version()));
    }

    private static Document change(int parcels) {
        return Document.of("status", "PAID", "parcels", parcels);
    }

    @Override
    public List<?> findGroup(int group) {
        return orders.findMany(Filter.compare(GROUP, Operator.EQ, group), FindOptions.ofDefaults());
    }

    @Override
    public int stream() {
        try (Stream<StoredDocument> all = orders.stream(Filter.all(), FindOptions.ofDefaults())) {
            return (int) all.filter(one -> Objects.nonNull(one.document().get("note")))
                    .count();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
