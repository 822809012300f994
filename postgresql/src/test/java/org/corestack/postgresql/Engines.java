package org.corestack.postgresql;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.ChangeReader.Batch;
import org.corestack.store.spi.ChangeReader.Content;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.EngineConfig;
import org.corestack.store.spi.WriteResult;

/** What the tests here open, write and read with. */
final class Engines {
    static final Map<String, Content> C = Map.of("c", Content.LATEST);
    static final Duration LONG = Duration.ofSeconds(20);

    private Engines() {}

    static PostgresEngine open(String uri) {
        return open(uri, Duration.ofHours(24), true);
    }

    static PostgresEngine open(String uri, Duration retention, boolean notices) {
        return PostgresEngine.open(new EngineConfig(uri, "test", Duration.ofSeconds(10), retention), notices);
    }

    /** The collection that most tests use. */
    static EngineCollection c(PostgresEngine engine) {
        return engine.store("s").collection("c");
    }

    static Deadline soon() {
        return Deadline.in(LONG);
    }

    /** Does a write that must take place. */
    static Written write(EngineCollection collection, Write write) {
        WriteResult result = collection.write(write, soon());
        if (result.written() == null) {
            throw new AssertionError("the write of " + write.key() + " came to " + result.status());
        }
        return result.written();
    }

    static Written put(EngineCollection collection, Object key, Object value) {
        return write(collection, new Write.Upsert(Key.of(key), Document.of("v", value), java.util.Set.of()));
    }

    static Position now(EngineCollection collection) {
        return collection.changes().now(soon());
    }

    /** The keys of the changes of the next batch that has some. */
    static List<Object> keys(ChangeReader reader) {
        return batch(reader).changes().stream()
                .map(change -> change.change().key().value())
                .toList();
    }

    /** The next batch that has changes, or none in the time. */
    static Batch batch(ChangeReader reader) {
        return batch(reader, LONG);
    }

    static Batch batch(ChangeReader reader, Duration wait) {
        Deadline end = Deadline.in(wait);
        Batch batch = (Batch) reader.next(C, wait);
        while (batch.changes().isEmpty() && !end.isExpired()) {
            batch = (Batch) reader.next(C, end.remaining());
        }
        return batch;
    }

    static ErrorCode codeOf(Throwable error) {
        return error instanceof CoreException core ? core.code() : ErrorCode.of(error);
    }
}
