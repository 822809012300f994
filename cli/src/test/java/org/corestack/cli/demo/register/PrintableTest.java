package org.corestack.cli.demo.register;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void plainTextStaysAsItIs() {
        assertThat(Printable.of("Zo\u00EB p\u0430ypal 1")).isEqualTo("Zo\u00EB p\u0430ypal 1");
    }

    @Test
    void whatCouldPlayTricksOnATerminalIsWrittenOut() {
        assertThat(Printable.of("a\u001B[2J\n\u202Eb\u0301\u05D0\u00A0"))
                .isEqualTo("a\\u{001B}[2J\\u{000A}\\u{202E}b\\u{0301}\\u{05D0}\\u{00A0}");
    }

    @Test
    void longTextIsCut() {
        assertThat(Printable.of("x".repeat(10_000))).hasSize(201).endsWith("…");
    }
}
