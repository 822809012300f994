package org.corestack.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FiguresTableTest {
    private static final Path DOCS = Path.of("..", "docs");

    @Test
    void theTableOfTheDocsIsThatOfTheFigures() throws IOException {
        assertThat(Files.readString(DOCS.resolve("benchmarks.md")))
                .as("./bench table makes it anew")
                .isEqualTo(FiguresTable.replaced(DOCS));
    }
}
