package org.corestack.benchmarks;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A feed of the collection {@code bench.events} as one would read it by hand over the raw driver. For one thread. */
interface FeedByHand extends AutoCloseable {
    /** Opens one of a database, at its present end. */
    static FeedByHand open(EngineKind kind, String uri) throws Exception {
        return kind == EngineKind.MONGODB ? new MongoFeedByHand(uri) : new SqlFeedByHand(kind, uri);
    }

    /** Hands over the key of each change from here on until it is to end. */
    void follow(Consumer<String> seen, BooleanSupplier ended) throws Exception;

    /** Reads so many changes from here on, each with its document decoded. */
    void read(int changes) throws Exception;
}
