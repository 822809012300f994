package org.corestack.sqlite;

import java.nio.file.Path;
import java.time.Duration;
import org.corestack.document.Key;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.Engine;
import org.corestack.store.spi.EngineCollection;
import org.corestack.store.spi.EngineConfig;
import org.corestack.store.spi.WriteResult;

/** What the tests here open and write with. */
final class Engines {
    private Engines() {}

    static Engine open(Path file) {
        return open("sqlite:" + file);
    }

    static Engine open(String uri) {
        return open(uri, Duration.ofHours(24));
    }

    static Engine open(String uri, Duration retention) {
        return new SqliteEngineProvider().open(new EngineConfig(uri, "test", Duration.ofSeconds(10), retention));
    }

    static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(20));
    }

    /** Does a write that must take place. */
    static Written write(EngineCollection collection, Write write) {
        WriteResult result = collection.write(write, soon());
        if (result.written() == null) {
            throw new AssertionError("the write of " + write.key() + " came to " + result.status());
        }
        return result.written();
    }

    static Key key(Object value) {
        return Key.of(value);
    }
}
