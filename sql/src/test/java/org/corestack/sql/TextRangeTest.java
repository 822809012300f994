package org.corestack.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The range of a prefix holds the texts that begin with it, and no others. */
class TextRangeTest {
    private static final int[] EDGES = {
        1, 'a', 'b', 0xd7ff, 0xe000, 0xffff, 0x1_0000, Character.MAX_CODE_POINT - 1, Character.MAX_CODE_POINT
    };

    @Test
    void theRangeIsThatOfThePrefix() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String prefix = text(random);
            String text = random.nextBoolean() ? prefix + text(random) : text(random);
            String end = TextRange.end(prefix);
            boolean within = compare(text, prefix) >= 0 && (end == null || compare(text, end) < 0);
            assertThat(within)
                    .as("seed %d: '%s' in the range of '%s' to '%s'", seed, text, prefix, end)
                    .isEqualTo(text.startsWith(prefix));
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.appendCodePoint(EDGES[random.nextInt(EDGES.length)]);
        }
        return text.toString();
    }

    private static int compare(String left, String right) {
        return Arrays.compareUnsigned(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatEveryTextBehindBeginsWithHasNoEnd() {
        assertThat(TextRange.end("")).isNull();
        assertThat(TextRange.end(Character.toString(Character.MAX_CODE_POINT).repeat(3)))
                .isNull();
        assertThat(TextRange.end("\ud7ff")).isEqualTo("\ue000");
    }
}
