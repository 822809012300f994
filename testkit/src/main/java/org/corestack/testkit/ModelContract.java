package org.corestack.testkit;

import java.util.List;
import java.util.Random;
import org.corestack.document.FieldPath;
import org.corestack.document.Index;
import org.corestack.document.Sort.Term;
import org.corestack.store.StoreCollection;
import org.junit.jupiter.api.Test;

/** Random operations on the engine and on the meaning in memory come to the same, step by step. */
abstract class ModelContract extends PlanContract {
    private ModelSession session(Random random) {
        StoreCollection collection = store().collection("model" + Long.toHexString(random.nextLong()));
        collection.ensureIndexes(List.of(
                Index.on(FieldPath.of("a")),
                Index.on(FieldPath.of("b.a")).asSparse(),
                Index.on(RandomDocuments.UNIQUE).asUnique(),
                Index.of(List.of(new Term(RandomDocuments.NUMBER, false), new Term(RandomDocuments.UNIQUE, true)))));
        return new ModelSession(random, collection);
    }

    @Test
    void randomOperationsDoWhatTheyMean() {
        Seeds.run(4, random -> {
            ModelSession session = session(random);
            for (int i = 0; i < 250; i++) {
                session.step();
            }
            session.assertSameContent();
        });
    }

    @Test
    @Need.Of(Need.TRANSACTIONS)
    void randomTransactionsDoWhatTheyMean() {
        Seeds.run(2, random -> {
            ModelSession session = session(random);
            for (int i = 0; i < 20; i++) {
                session.step();
                session.transaction(store());
                session.assertSameContent();
            }
        });
    }
}
