package org.corestack.cli.demo.register;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DescriberTest {
    private final Describer describer = new Describer();

    @Test
    void singleCharacter() {
        assertThat(describer.describe("\u00C5"))
                .isEqualTo(new Description(
                        "LATIN CAPITAL LETTER A WITH RING ABOVE",
                        List.of("Latin"),
                        "Latin_1_Supplement",
                        "upper",
                        "0041-030A",
                        "0041-030A"));
    }

    @Test
    void noneStandsWhereThereIsNothingToSay() {
        Description selector = describer.describe("\uFE0F");
        assertThat(selector.letterCase()).isEqualTo("none");
        assertThat(selector.decomposition()).isEqualTo("none");
        assertThat(selector.skeleton())
                .as("it can't be seen, so its skeleton is empty")
                .isEqualTo("none");
        assertThat(describer.describe("\u0378").block()).isEqualTo("Greek_And_Coptic");
        assertThat(describer.describe(Character.toString(0x2FE0)).block())
                .as("no block")
                .isEqualTo("none");
    }

    @Test
    void nameThatReadsNoneHasAnotherSkeletonThanWhatCannotBeSeen() {
        assertThat(describer.describe("none").skeleton()).isEqualTo("006E-006F-006E-0065");
    }

    @Test
    void textThatLooksLikeAnotherHasItsSkeleton() {
        String cyrillic = "p\u0430yp\u0430l";
        assertThat(describer.describe(cyrillic).skeleton())
                .isEqualTo(describer.describe("paypal").skeleton());
        assertThat(describer.describe(cyrillic).scripts()).containsExactly("Cyrillic", "Latin");
        assertThat(describer.skeletonKey("m")).isEqualTo("0072-006E");
    }

    @Test
    void nameOfATextIsThatOfItsCharacters() {
        Description description = describer.describe("a-\u03B1a");
        assertThat(description.name())
                .isEqualTo("LATIN SMALL LETTER A + HYPHEN-MINUS + GREEK SMALL LETTER ALPHA + LATIN SMALL LETTER A");
        assertThat(description.block()).isEqualTo("Basic_Latin + Greek_And_Coptic");
    }

    @Test
    void commonIsAScriptOnlyWhereThereIsNoOther() {
        assertThat(describer.describe("user-42").scripts()).containsExactly("Latin");
        assertThat(describer.describe("42").scripts()).containsExactly("Common");
    }

    @Test
    void sharedCharacterAddsNoScriptToATextThatHasOneOfItsScripts() {
        assertThat(describer.describe("\u0640").scripts()).contains("Arabic", "Syriac");
        assertThat(describer.describe("\u0628\u0640").scripts()).containsExactly("Arabic");
    }

    @Test
    void cases() {
        assertThat(describer.describe("abc1").letterCase()).isEqualTo("lower");
        assertThat(describer.describe("ABC").letterCase()).isEqualTo("upper");
        assertThat(describer.describe("\u01C5").letterCase()).isEqualTo("title");
        assertThat(describer.describe("Ab").letterCase()).isEqualTo("mixed");
        assertThat(describer.describe("12").letterCase()).isEqualTo("none");
    }

    @Test
    void characterThatTheJdkDoesNotKnowHasANameAllTheSame() {
        assertThat(describer.describe(Character.toString(0xE0FFF)).name()).isEqualTo("<unassigned-E0FFF>");
    }
}
