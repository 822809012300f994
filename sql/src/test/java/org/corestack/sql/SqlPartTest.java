package org.corestack.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Predicates are put together so that neither their number nor what they are made of changes what they say. */
class SqlPartTest {
    @Test
    void eachStandsInParenthesesAndTheParametersInOrder() {
        SqlPart any = SqlPart.any(List.of(SqlPart.of("a = ? AND b", 1), SqlPart.of("c"), SqlPart.of("d = ?", 2)));
        assertThat(any).isEqualTo(SqlPart.of("((a = ? AND b) OR ((c) OR (d = ?)))", 1, 2));
        assertThat(SqlPart.all(List.of(any))).isEqualTo(any.within("(", ")"));
    }

    @Test
    void ofNoneAllHoldAndNoneDoes() {
        assertThat(SqlPart.all(List.of()).text()).isEqualTo("TRUE");
        assertThat(SqlPart.any(List.of()).text()).isEqualTo("FALSE");
    }

    @Test
    void aThousandAreTenLevelsDeep() {
        List<SqlPart> many =
                IntStream.range(0, 1_000).mapToObj(i -> SqlPart.of("a = ?", i)).toList();
        SqlPart any = SqlPart.any(many);
        assertThat(any.parameters()).hasSize(1_000).startsWith(0, 1, 2).endsWith(998, 999);
        assertThat(any.text()).doesNotContain("(".repeat(13));
    }
}
