package org.corestack.mongodb;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bson.BsonTimestamp;
import org.corestack.document.Position;
import org.jspecify.annotations.Nullable;

/**
 * A place in the changes of a collection.
 *
 * @param collection the collection's UUID
 * @param time the cluster's time at the place
 * @param kind what of that time's changes lies behind the place
 * @param token what the server resumes from, where it has given one
 */
record MongoPosition(
        UUID collection,
        BsonTimestamp time,
        Kind kind,
        @Nullable ResumeToken token) {
    /** Stands for the UUID of a collection that a transaction makes, before it is known. */
    static final UUID UNKNOWN = new UUID(0, 0);

    private static final Pattern TEXT = Pattern.compile(
            "mongodb1:([0-9a-f]{32}):([0-9a-f]{16}):([a-z])(?::([A-Za-z0-9_-]{1,3800}))?(?::([A-Za-z0-9_-]{1,2000}))?");
    /** The most characters of a token that a position's text has room for. */
    private static final int MOST_CHARACTERS = 3800;

    /** What lies behind a place. */
    enum Kind {
        /** All that happened up to its time. */
        TIME('t', true),
        /** All that happened before its time. */
        BEFORE('b', false),
        /** All up to a change, which was the only one of its time. */
        CHANGE('c', true),
        /** All up to a change of a transaction, of which there may be more. */
        IN_TRANSACTION('x', false),
        /** All up to a place between changes, as the server tells one when nothing happens. */
        BETWEEN('i', false),
        /** All up to a transaction that had not been committed when the place was told. */
        UNDECIDED('u', false);

        private final char letter;
        /** Whether everything of the place's time lies behind it. */
        private final boolean whole;

        Kind(char letter, boolean whole) {
            this.letter = letter;
            this.whole = whole;
        }

        private static @Nullable Kind of(char letter) {
            for (Kind kind : values()) {
                if (kind.letter == letter) {
                    return kind;
                }
            }
            return null;
        }

        private boolean hasToken() {
            return this == CHANGE || this == IN_TRANSACTION || this == BETWEEN || this == UNDECIDED;
        }
    }

    /** The place behind all that happened up to a moment, such as a write. */
    static MongoPosition behind(UUID collection, BsonTimestamp time) {
        return new MongoPosition(collection, time, Kind.TIME, null);
    }

    /** The place before all that happened at a moment. */
    static MongoPosition before(UUID collection, BsonTimestamp time) {
        return new MongoPosition(collection, time, Kind.BEFORE, null);
    }

    /** The place of a token; one too long for a position's text is left out, and its change comes again. */
    static MongoPosition at(UUID collection, BsonTimestamp time, Kind kind, ResumeToken token) {
        boolean fits = token.text().length() <= MOST_CHARACTERS;
        return fits ? new MongoPosition(collection, time, kind, token) : before(collection, time);
    }

    /** The place behind a transaction that has a number here and has not been committed yet. */
    static MongoPosition undecided(UUID collection, BsonTimestamp time, long transaction) {
        return new MongoPosition(collection, time, Kind.UNDECIDED, ResumeToken.ofNumber(transaction));
    }

    /** The place to begin at: before a transaction, wherever it was committed. */
    MongoPosition start() {
        return kind == Kind.UNDECIDED ? before(collection, time) : this;
    }

    /** The same place, told by its time alone: of what happened at it within a transaction nothing lies behind it then. */
    MongoPosition withoutToken() {
        return kind == Kind.CHANGE ? behind(collection, time) : token == null ? this : before(collection, time);
    }

    /** The same place in the collection that was made since, where it was told before that. */
    MongoPosition in(UUID made) {
        return collection.equals(UNKNOWN) ? new MongoPosition(made, time, kind, token) : this;
    }

    /** The place that a position's text says; null if it says none of this engine. */
    static @Nullable MongoPosition parse(Position position) {
        Matcher matcher = TEXT.matcher(position.text());
        if (!matcher.matches()) {
            return null;
        }
        Kind kind = Kind.of(matcher.group(3).charAt(0));
        String data = matcher.group(4);
        if (kind == null || kind.hasToken() != (data != null)) {
            return null;
        }
        ByteBuffer uuid = ByteBuffer.wrap(HexFormat.of().parseHex(matcher.group(1)));
        try {
            return new MongoPosition(
                    new UUID(uuid.getLong(), uuid.getLong()),
                    new BsonTimestamp(Long.parseUnsignedLong(matcher.group(2), 16)),
                    kind,
                    data == null ? null : ResumeToken.parse(data, matcher.group(5)));
        } catch (IllegalArgumentException e) {
            return null; // not in Base64
        }
    }

    Position toPosition() {
        String text = "mongodb1:" + collection.toString().replace("-", "") + ":"
                + HexFormat.of().toHexDigits(time.getValue()) + ":" + kind.letter;
        return new Position(token == null ? text : text + ":" + token.text());
    }

    boolean hasToken(ResumeToken other) {
        return token != null && token.equals(other);
    }

    /** Whether all that lies behind another place lies behind this one. */
    boolean covers(MongoPosition other) {
        if (!collection.equals(other.collection)) {
            return false;
        }
        int order = other.time.compareTo(time);
        if (order != 0) {
            return order < 0;
        }
        if (token != null && other.token != null) {
            return token.compareTo(other.token) >= 0;
        }
        return kind.whole || kind == other.kind;
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static byte[] fromBase64(String text) {
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        if (!Arrays.equals(base64(bytes).toCharArray(), text.toCharArray())) {
            throw new IllegalArgumentException("another text of the same bytes");
        }
        return bytes;
    }
}
