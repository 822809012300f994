package org.corestack.cli.demo.register;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RegisterTest {
    private static final Map<String, CharacterRecord> RECORDS = records("paypal", "p\u0430ypal", "rn", "m", "zoe");

    private final Register register = Register.compute(RECORDS, new Describer());

    @Test
    void eachRecordHasADescription() {
        assertThat(register.descriptions().keySet()).containsExactlyInAnyOrderElementsOf(RECORDS.keySet());
    }

    @Test
    void eachSkeletonHasAGroupOfAllThatLookAlike() {
        assertThat(register.lookalikes()).hasSize(3);
        assertThat(register.lookalikes().get("0072-006E"))
                .isEqualTo(new LookalikeGroup(List.of("m", "rn"), List.of("Latin")));
        assertThat(register.lookalikes().get(CodePoints.key("paypal")))
                .isEqualTo(new LookalikeGroup(List.of("paypal", "p\u0430ypal"), List.of("Cyrillic", "Latin")));
    }

    @Test
    void whatATableShouldHoldComparesWithoutFault() {
        Comparison comparison = compare(register.descriptions());
        assertThat(comparison).isEqualTo(new Comparison(5, 0, List.of()));
    }

    @Test
    void missingDocumentIsCounted() {
        Map<String, Description> table = new TreeMap<>(register.descriptions());
        table.remove("zoe");
        assertThat(compare(table)).isEqualTo(new Comparison(4, 1, List.of("descriptions zoe is missing")));
    }

    @Test
    void extraDocumentIsCounted() {
        Map<String, Description> table = new TreeMap<>(register.descriptions());
        table.put("\u001b[2J", table.get("zoe"));
        assertThat(compare(table))
                .isEqualTo(new Comparison(6, 1, List.of("descriptions \\u{001B}[2J should not be there")));
    }

    @Test
    void eachFieldOfEachDocumentCounts() {
        Description zoe = register.descriptions().get("zoe");
        List<Description> altered = List.of(
                new Description("x", zoe.scripts(), zoe.block(), zoe.letterCase(), zoe.decomposition(), zoe.skeleton()),
                new Description(
                        zoe.name(), List.of(), zoe.block(), zoe.letterCase(), zoe.decomposition(), zoe.skeleton()),
                new Description(zoe.name(), zoe.scripts(), "x", zoe.letterCase(), zoe.decomposition(), zoe.skeleton()),
                new Description(zoe.name(), zoe.scripts(), zoe.block(), "x", zoe.decomposition(), zoe.skeleton()),
                new Description(zoe.name(), zoe.scripts(), zoe.block(), zoe.letterCase(), "x", zoe.skeleton()),
                new Description(zoe.name(), zoe.scripts(), zoe.block(), zoe.letterCase(), zoe.decomposition(), "x"));
        for (Description description : altered) {
            Map<String, Description> table = new TreeMap<>(register.descriptions());
            table.put("zoe", description);
            Comparison comparison = compare(table);
            assertThat(comparison.wrong()).as("with %s", description).isEqualTo(1);
            assertThat(comparison.examples()).singleElement().asString().startsWith("descriptions zoe holds ");
        }
    }

    @Test
    void keyThatComesTwiceIsCounted() {
        List<Map.Entry<String, Description>> entries =
                new ArrayList<>(register.descriptions().entrySet());
        entries.add(entries.get(0));
        assertThat(Comparison.of("descriptions", register.descriptions(), entries.iterator())
                        .wrong())
                .isEqualTo(1);
    }

    @Test
    void lostMemberIsCounted() {
        Map<String, LookalikeGroup> table = new TreeMap<>(register.lookalikes());
        table.put("0072-006E", new LookalikeGroup(List.of("rn"), List.of("Latin")));
        assertThat(Comparison.of(
                                "lookalikes",
                                register.lookalikes(),
                                table.entrySet().iterator())
                        .wrong())
                .isEqualTo(1);
    }

    @Test
    void onlyTheFirstFaultsAreShownButAllAreCounted() {
        Map<String, Integer> expected = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            expected.put("k" + i, i);
        }
        Comparison comparison = Comparison.of(
                "t", expected, List.<Map.Entry<String, Integer>>of().iterator());
        assertThat(comparison.wrong()).isEqualTo(100);
        assertThat(comparison.examples()).hasSize(5);
    }

    @Test
    void mostSurprisingLookalikesComeFirst() {
        List<String> lines = Surprises.of(RECORDS, register, 5);
        assertThat(lines)
                .containsExactly(
                        "paypal [Latin] = p\u0430ypal [Cyrillic, Latin] (2 scripts)",
                        "m [Latin] = rn [Latin] (1 script)");
    }

    @Test
    void surprisesOfCharactersTellTheirNames() {
        Describer describer = new Describer();
        Map<String, CharacterRecord> characters = new JdkCharacters(describer).choose(300);
        List<String> lines = Surprises.of(characters, Register.compute(characters, describer), 5);
        assertThat(lines).hasSizeBetween(2, 5);
        assertThat(lines.get(0)).contains("U+").contains(" = ").containsPattern("and \\d+ more \\(\\d+ scripts\\)");
    }

    private Comparison compare(Map<String, Description> table) {
        return Comparison.of(
                "descriptions", register.descriptions(), table.entrySet().iterator());
    }

    private static Map<String, CharacterRecord> records(String... texts) {
        Map<String, CharacterRecord> records = new TreeMap<>();
        for (String text : texts) {
            records.put(text, new CharacterRecord(text));
        }
        return records;
    }
}
