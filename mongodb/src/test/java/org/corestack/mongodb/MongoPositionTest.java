package org.corestack.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.corestack.document.Position;
import org.corestack.mongodb.MongoPosition.Kind;
import org.junit.jupiter.api.Test;

class MongoPositionTest {
    private static final UUID COLLECTION = UUID.fromString("123e4567-e89b-42d3-a456-426614174000");
    private static final BsonTimestamp EARLY = new BsonTimestamp(-5, 1); // after 2038
    private static final BsonTimestamp LATE = new BsonTimestamp(-5, 2);

    private static ResumeToken token(String hex) {
        return ResumeToken.of(new BsonDocument("_data", new BsonString(hex)));
    }

    private static MongoPosition at(Kind kind, BsonTimestamp time, String rest) {
        return MongoPosition.at(COLLECTION, time, kind, token(String.format("82%016X", time.getValue()) + rest));
    }

    @Test
    void everyPlaceComesBackFromItsText() {
        ResumeToken bits = ResumeToken.of(new BsonDocument("_data", new BsonString("820000"))
                .append("_typeBits", new BsonBinary(new byte[] {1, 2})));
        for (MongoPosition place : List.of(
                MongoPosition.behind(COLLECTION, LATE),
                at(Kind.CHANGE, LATE, "46"),
                at(Kind.IN_TRANSACTION, EARLY, ""),
                at(Kind.BETWEEN, LATE, "00FF"),
                MongoPosition.at(COLLECTION, LATE, Kind.CHANGE, bits))) {
            assertThat(MongoPosition.parse(new Position(place.toPosition().text())))
                    .isEqualTo(place);
        }
    }

    @Test
    void aTextThatIsAlmostAPositionIsNone() {
        String text = at(Kind.CHANGE, LATE, "46").toPosition().text();
        for (String other :
                List.of(text + "=", text + "x", text + ":", text.toUpperCase(java.util.Locale.ROOT), "x" + text)) {
            MongoPosition parsed = MongoPosition.parse(new Position(other));
            assertThat(parsed == null || !parsed.equals(MongoPosition.parse(new Position(text))))
                    .as(other)
                    .isTrue();
        }
        assertThat(MongoPosition.parse(new Position(text.replace(":c:", ":t:"))))
                .isNull();
    }

    @Test
    void placesCoverWhatLiesBehindThem() {
        MongoPosition write = MongoPosition.behind(COLLECTION, LATE);
        assertThat(at(Kind.CHANGE, LATE, "46").covers(write)).isTrue();
        assertThat(at(Kind.BETWEEN, LATE, "00").covers(write))
                .as("the event may come yet")
                .isFalse();
        assertThat(at(Kind.IN_TRANSACTION, LATE, "46").covers(write))
                .as("more of it may come")
                .isFalse();
        assertThat(at(Kind.CHANGE, EARLY, "46").covers(write)).isFalse();
        assertThat(write.covers(at(Kind.CHANGE, LATE, "46"))).isTrue();
        assertThat(write.covers(write)).isTrue();
        assertThat(at(Kind.IN_TRANSACTION, LATE, "4601").covers(at(Kind.IN_TRANSACTION, LATE, "4602")))
                .isFalse();
        assertThat(at(Kind.IN_TRANSACTION, LATE, "4602").covers(at(Kind.IN_TRANSACTION, LATE, "4601")))
                .isTrue();
        assertThat(write.covers(MongoPosition.behind(UUID.randomUUID(), EARLY))).isFalse();
    }

    @Test
    void aTokenTooLongForATextIsReadAgainFromItsTime() {
        MongoPosition place = at(Kind.CHANGE, LATE, "46".repeat(4_000));
        assertThat(place).isEqualTo(new MongoPosition(COLLECTION, LATE, Kind.BEFORE, null));
        assertThat(place.covers(MongoPosition.behind(COLLECTION, LATE))).isFalse();
        assertThat(place.covers(MongoPosition.behind(COLLECTION, EARLY))).isTrue();
    }

    @Test
    void theTimeOfATokenIsReadFromItsFirstBytes() {
        assertThat(token("82" + "00000007" + "00000003" + "2B").time()).isEqualTo(new BsonTimestamp(7, 3));
        assertThat(token("3C64").time()).isNull();
        assertThat(Objects.requireNonNull(at(Kind.CHANGE, LATE, "46").token())
                        .toBson()
                        .getString("_data")
                        .getValue())
                .isEqualTo(String.format("82%016X46", LATE.getValue()));
    }

    @Test
    void versionsAreNumbersThatGrowWithTheClock() {
        for (BsonTimestamp time :
                List.of(new BsonTimestamp(0, 1), new BsonTimestamp(1_700_000_000, 0x7fff_ffff), LATE)) {
            assertThat(Versions.time(Versions.of(time))).isEqualTo(time);
        }
        assertThat(Versions.of(EARLY)).isPositive().isLessThan(Versions.of(LATE));
        assertThat(Versions.of(new BsonTimestamp(7, 0x7fff_ffff))).isLessThan(Versions.of(new BsonTimestamp(8, 0)));
        assertThat(Versions.after(new BsonTimestamp(7, 0x7fff_ffff))).isEqualTo(new BsonTimestamp(8, 0));
    }
}
