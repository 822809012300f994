package org.corestack.table;

import java.nio.charset.StandardCharsets;
import org.corestack.document.Key;

/**
 * Names the changes of one table by numbers, so that a controller knows its own writes when they come back. A version
 * alone would not do: two keys, or two tables that feed one controller, can have the same.
 */
final class ChangeStamps {
    private static final long FNV_START = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final long table;

    ChangeStamps(String table) {
        this.table = hash(FNV_START, table.getBytes(StandardCharsets.UTF_8));
    }

    /** The stamp of the change that gave a key a version; 0, which names nothing, where there is no version. */
    long of(Key key, long version) {
        if (version == 0) {
            return 0;
        }
        long stamp = mix(hash(table, key.toBytes()) + mix(version));
        return stamp == 0 ? 1 : stamp;
    }

    private static long hash(long start, byte[] content) {
        long hash = start;
        for (byte b : content) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return hash;
    }

    /** Spreads each bit over all: Stafford's thirteenth variant of the murmur finalizer. */
    private static long mix(long bits) {
        long once = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
        long twice = (once ^ (once >>> 27)) * 0x94d049bb133111ebL;
        return twice ^ (twice >>> 31);
    }
}
