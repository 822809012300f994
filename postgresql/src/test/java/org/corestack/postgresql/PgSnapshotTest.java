package org.corestack.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.corestack.document.Position;
import org.junit.jupiter.api.Test;

class PgSnapshotTest {
    private static PgSnapshot snapshot(String text) {
        return PgSnapshot.parse(text);
    }

    @Test
    void whatIsSeenIsBelowTheEndAndNotRunning() {
        PgSnapshot snapshot = snapshot("10:20:10,14");
        assertThat(LongStream.range(8, 22).filter(snapshot::sees).toArray())
                .containsExactly(8, 9, 11, 12, 13, 15, 16, 17, 18, 19);
        assertThat(snapshot).hasToString("10:20:10,14");
        assertThat(snapshot("20:20:").toString()).isEqualTo("20:20:");
        assertThat(snapshot.xmin()).isEqualTo(10);
    }

    @Test
    void oneIncludesAnotherThatSawNoMore() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            PgSnapshot one = random(random);
            PgSnapshot other = random(random);
            boolean all = LongStream.range(0, 40).filter(other::sees).allMatch(one::sees);
            assertThat(one.includes(other))
                    .as("seed %s: %s includes %s", seed, one, other)
                    .isEqualTo(all);
        }
    }

    private static PgSnapshot random(Random random) {
        int xmax = 5 + random.nextInt(15);
        List<Long> running = new ArrayList<>();
        for (long xid = 3; xid < xmax; xid++) {
            if (random.nextInt(3) == 0) {
                running.add(xid);
            }
        }
        long xmin = running.isEmpty() ? xmax : running.get(0);
        return snapshot(
                xmin + ":" + xmax + ":" + running.stream().map(String::valueOf).collect(Collectors.joining(",")));
    }

    @Test
    void theShortTextComesBack() {
        Random random = new Random();
        for (int i = 0; i < 1_000; i++) {
            PgSnapshot one = random(random);
            assertThat(PgSnapshot.parseShort(one.toShort(1_000))).isEqualTo(one);
        }
        PgSnapshot large = snapshot("4611686018427387000:4611686018427387904:4611686018427387000");
        assertThat(PgSnapshot.parseShort(large.toShort(50))).isEqualTo(large);
        for (String text : List.of("", "A", "1,", ",1", "5,9", "5,0", "zzzzzzzzzzzzz", "1 ")) {
            assertThat(PgSnapshot.parseShort(text)).as(text).isNull();
        }
    }

    @Test
    void hundredsOfRunningAreKept() {
        String scattered = LongStream.range(0, 400)
                .mapToObj(i -> String.valueOf(4_000_000_000L + i * 1_003 + i * i % 97))
                .collect(Collectors.joining(","));
        String dense = LongStream.range(5_000_000_000L, 5_000_005_000L)
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(","));
        for (String running : List.of(scattered, dense)) {
            PgSnapshot one = snapshot("4000000000:6000000000:" + running);
            PostgresPosition back = PostgresPosition.parse(
                    PostgresPosition.at("18446744073709551615-000000FF-4294967295", "0".repeat(32), one)
                            .toPosition());
            assertThat(back).isNotNull();
            assertThat(back.last()).isEqualTo(one);
        }
        assertThat(PgSnapshot.parseShort("zzzz,1+zzzzzzz")).isNull();
    }

    /** Positions have at most 4,096 characters; to have seen less than was seen repeats and does not lose. */
    @Test
    void aShortTextOfVeryManyRunningHasSeenLess() {
        String running = LongStream.range(0, 3_000)
                .mapToObj(i -> String.valueOf(4_000_000_000_000L + i * 1_000_003 + i * i % 97))
                .collect(Collectors.joining(","));
        PgSnapshot one = snapshot("4000000000000:5000000000000:" + running);
        PostgresPosition place = new PostgresPosition(
                "18446744073709551615-000000FF-4294967295", "0".repeat(32), one, one.with(5_000_000_000_001L), 7, 9);
        Position position = place.toPosition();
        PostgresPosition back = PostgresPosition.parse(position);
        assertThat(back).isNotNull();
        assertThat(one.includes(back.last())).isTrue();
        assertThat(back.last().includes(one)).isFalse();
        assertThat(back.last().sees(3_999_999_999_999L)).isTrue();
    }

    @Test
    void oneMoreIsSeenAndWhatCameBetweenIsNot() {
        assertThat(snapshot("10:20:10,14").with(14)).hasToString("10:20:10");
        assertThat(snapshot("10:20:10").with(20)).hasToString("10:21:10");
        assertThat(snapshot("10:20:10").with(22)).hasToString("10:23:10,20,21");
        assertThat(snapshot("10:20:10").with(2_000)).isNull();
    }

    @Test
    void placesCoverWhatIsBehindThem() {
        String history = "1-00000001-5";
        PgSnapshot early = snapshot("10:12:10");
        PgSnapshot late = snapshot("10:15:10");
        PostgresPosition first = PostgresPosition.at(history, "-", early);
        PostgresPosition last = PostgresPosition.at(history, "-", late);
        PostgresPosition inside = new PostgresPosition(history, "-", early, late, 100, 0);
        assertThat(last.covers(first)).isTrue();
        assertThat(first.covers(last)).isFalse();
        assertThat(inside.covers(first)).isTrue();
        assertThat(inside.covers(last)).isFalse();
        assertThat(last.covers(inside)).isTrue();
        assertThat(inside.covers(new PostgresPosition(history, "-", early, late, 99, 0)))
                .isTrue();
        assertThat(inside.covers(new PostgresPosition(history, "-", early, late, 101, 0)))
                .isFalse();
        assertThat(inside.covers(inside.ofRow(100, 12))).isTrue();
        assertThat(inside.covers(inside.ofRow(101, 12))).isFalse();
        assertThat(inside.covers(inside.ofRow(100, 10))).isFalse();
        assertThat(inside.covers(inside.ofRow(5_000, 9))).isTrue();
        assertThat(last.covers(PostgresPosition.at("2-00000001-5", "-", early))).isFalse();
        assertThat(last.covers(PostgresPosition.at("1-00000002-5", "-", early))).isFalse();
    }

    @Test
    void whatMayNotLastIsNotRemembered() {
        PgSnapshot snapshot = PgSnapshot.parse("10:20:10,15,17");
        assertThat(snapshot.before(16)).hasToString("10:16:10,15");
        assertThat(snapshot.before(10)).hasToString("10:10:");
        assertThat(snapshot.before(20)).isEqualTo(snapshot);
        assertThat(snapshot.before(99)).isEqualTo(snapshot);
        assertThat(snapshot.includes(snapshot.before(16))).isTrue();
        assertThat(snapshot.before(16).sees(18)).isFalse();
        assertThat(snapshot.before(16).sees(14)).isTrue();
    }
}
