package org.corestack.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NamesTest {
    private static final List<String> ODD = List.of(
            "a.b",
            ".",
            "..",
            "$",
            "$set",
            "a$b",
            "_id",
            "_cs",
            "_ids",
            "\uff0e",
            "\uff04x",
            "\uff3fid",
            "\uff3c",
            "\uff3c\uff0e",
            "a\uff3c.b",
            "\uff3f",
            "$.\uff3c",
            "plain",
            "é",
            "\ud83d\ude00");

    @Test
    void everyNameComesBack() {
        for (String name : ODD) {
            assertThat(Names.decode(Names.top(name))).isEqualTo(name);
            assertThat(Names.decode(Names.nested(name))).isEqualTo(name);
        }
    }

    @Test
    void noTwoNamesAreStoredAlike() {
        assertThat(ODD.stream().map(Names::top)).doesNotHaveDuplicates();
        assertThat(ODD.stream().map(Names::nested)).doesNotHaveDuplicates();
    }

    @Test
    void theServerSeesNoPathAndNoOperator() {
        assertThat(ODD.stream().map(Names::top)).noneMatch(name -> name.contains(".") || name.startsWith("$"));
        assertThat(ODD.stream().map(Names::top)).doesNotContain(Names.ID, Names.META);
    }

    @Test
    void plainNamesStayAsTheyAre() {
        assertThat(List.of("a", "Name", "a_b", "a$b", "é"))
                .allMatch(name -> Names.top(name).equals(name));
        assertThat(Names.path(List.of("_id", "_id"))).isEqualTo("\uff3fid._id");
    }
}
