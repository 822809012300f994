package org.corestack.cli.demo.register;

import static org.assertj.core.api.Assertions.assertThat;

import org.corestack.document.Key;
import org.junit.jupiter.api.Test;

class CodePointsTest {
    @Test
    void hexHasFourDigitsOrMore() {
        assertThat(CodePoints.hex("a" + Character.toString(0x1D400))).isEqualTo("0061-1D400");
    }

    @Test
    void keyOfALongTextFitsAndTellsTextsApart() {
        String one = "m".repeat(1_000) + "1";
        String two = "m".repeat(1_000) + "2";
        assertThat(CodePoints.key(one)).startsWith("006D-006D").isNotEqualTo(CodePoints.key(two));
        assertThat(Key.of(CodePoints.key(one)).toBytes()).hasSizeLessThanOrEqualTo(Key.MAX_SIZE);
        assertThat(CodePoints.key("m".repeat(180))).hasSize(899).doesNotContain("sha256");
    }
}
