package org.corestack.cli.demo.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;
import org.corestack.errors.CoreException;
import org.junit.jupiter.api.Test;

class JdkCharactersTest {
    private final Describer describer = new Describer();
    private final JdkCharacters characters = new JdkCharacters(describer);

    @Test
    void allAreWhatTheRegisterIsAbout() {
        List<Integer> all = JdkCharacters.all();
        assertThat(all).hasSizeBetween(37_000, 60_000).contains(1, 0x61, 0x430, 0x200D, 0x1D400);
        assertThat(all)
                .as("NUL, Han, Hangul, private use, a surrogate, unassigned")
                .doesNotContain(0, 0x4E00, 0xAC00, 0xE000, 0xD800, 0x0378, 0xFFFF);
    }

    @Test
    void keysAreCodePointsInHex() {
        SortedMap<String, CharacterRecord> all =
                characters.choose(JdkCharacters.all().size());
        assertThat(all).hasSize(JdkCharacters.all().size());
        assertThat(all.get("0430")).isEqualTo(new CharacterRecord("\u0430"));
        assertThat(all.get("1D400").text().codePointAt(0)).isEqualTo(0x1D400);
    }

    @Test
    void smallChoiceIsTheSameEachTimeAndHasManyLookalikes() {
        SortedMap<String, CharacterRecord> few = characters.choose(300);
        assertThat(few).hasSize(300).isEqualTo(new JdkCharacters(new Describer()).choose(300));
        Register register = Register.compute(few, describer);
        assertThat(register.lookalikes()).hasSizeLessThan(100);
        assertThat(new TreeSet<>(register.lookalikes().get("006F").scripts()))
                .as("what looks like an o")
                .contains("Latin", "Greek", "Cyrillic");
    }

    @Test
    void moreThanThereAreIsAClearError() {
        int max = JdkCharacters.all().size();
        for (int count : new int[] {-1, 0, max + 1}) {
            assertThatThrownBy(() -> characters.choose(count))
                    .isInstanceOf(CoreException.class)
                    .hasMessageContaining(count + " records")
                    .hasMessageContaining("1 to " + max);
        }
    }
}
