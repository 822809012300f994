package org.corestack.mongodb;

import org.bson.BsonReader;
import org.bson.BsonTimestamp;
import org.bson.BsonType;

/**
 * Versions are moments of the cluster's logical clock, which never gives one twice and goes on through elections: in
 * the database a timestamp, to the user its seconds and its count as one number.
 */
final class Versions {
    private static final int COUNT_BITS = 31;
    private static final long COUNT = (1L << COUNT_BITS) - 1;

    private Versions() {}

    /** The version of a moment. */
    static long of(BsonTimestamp time) {
        return (Integer.toUnsignedLong(time.getTime()) << COUNT_BITS) | (time.getInc() & COUNT);
    }

    /** The moment of a version. */
    static BsonTimestamp time(long version) {
        return new BsonTimestamp((int) (version >>> COUNT_BITS), (int) (version & COUNT));
    }

    /** The next moment. */
    static BsonTimestamp after(BsonTimestamp time) {
        return time(of(time) + 1);
    }

    /** Reads our field of a document: the version in it, 0 where there is none. */
    static long read(BsonReader in) {
        if (in.getCurrentBsonType() != BsonType.DOCUMENT) {
            in.skipValue();
            return 0;
        }
        long version = 0;
        in.readStartDocument();
        while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
            if (in.readName().equals(Names.VERSION) && in.getCurrentBsonType() == BsonType.TIMESTAMP) {
                version = of(in.readTimestamp());
            } else {
                in.skipValue();
            }
        }
        in.readEndDocument();
        return version;
    }
}
