package org.corestack.mongodb;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/**
 * What a change stream is resumed from.
 *
 * <p>The server's token is a text of hexadecimal digits whose bytes are in the order of the changes and begin with the
 * cluster's time, and sometimes a note of the types of numbers beside it.
 */
final class ResumeToken implements Comparable<ResumeToken> {
    private static final String DATA = "_data";
    private static final String TYPE_BITS = "_typeBits";
    /** What stands before a timestamp in the server's ordered form of values. */
    private static final byte TIMESTAMP = (byte) 0x82;

    private final byte[] data;
    private final byte @Nullable [] typeBits;

    private ResumeToken(byte[] data, byte @Nullable [] typeBits) {
        this.data = data;
        this.typeBits = typeBits;
    }

    /**
     * The token in a document of the server.
     *
     * @throws CoreException UNSUPPORTED if it is of a form that is not known
     */
    static ResumeToken of(BsonDocument token) {
        BsonValue text = token.get(DATA);
        BsonValue bits = token.get(TYPE_BITS);
        try {
            if (text != null && text.isString()) {
                return new ResumeToken(
                        HexFormat.of().parseHex(text.asString().getValue()),
                        bits == null ? null : bits.asBinary().getData());
            }
        } catch (IllegalArgumentException e) {
            throw CoreException.unsupported("the server's resume token is not in hexadecimal digits");
        }
        throw CoreException.unsupported("the server's resume token has a form that is not known");
    }

    /** The token of the parts of a text; IllegalArgumentException if they are none. */
    static ResumeToken parse(String data, @Nullable String typeBits) {
        return new ResumeToken(
                MongoPosition.fromBase64(data), typeBits == null ? null : MongoPosition.fromBase64(typeBits));
    }

    /** What names a transaction of ours, and is none of the server's tokens. */
    static ResumeToken ofNumber(long number) {
        return new ResumeToken(ByteBuffer.allocate(Long.BYTES).putLong(number).array(), null);
    }

    /** The number that names a transaction. */
    long number() {
        return data.length == Long.BYTES ? ByteBuffer.wrap(data).getLong() : 0;
    }

    String text() {
        String text = MongoPosition.base64(data);
        return typeBits == null ? text : text + ":" + MongoPosition.base64(typeBits);
    }

    BsonDocument toBson() {
        BsonDocument token = new BsonDocument(
                DATA, new BsonString(HexFormat.of().formatHex(data).toUpperCase(Locale.ROOT)));
        if (typeBits != null) {
            token.put(TYPE_BITS, new BsonBinary(typeBits));
        }
        return token;
    }

    /** The cluster's time in it; null if it begins with something else. */
    @Nullable
    BsonTimestamp time() {
        return data.length >= 9 && data[0] == TIMESTAMP
                ? new BsonTimestamp(ByteBuffer.wrap(data, 1, 8).getLong())
                : null;
    }

    @Override
    public int compareTo(ResumeToken other) {
        return Arrays.compareUnsigned(data, other.data);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ResumeToken token
                && Arrays.equals(data, token.data)
                && Arrays.equals(typeBits, token.typeBits);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return text();
    }
}
