package org.corestack.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.corestack.document.Refusals.assertInvalid;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FindOptionsTest {
    private static final Document DOCUMENT = Document.builder()
            .put("a", Document.of("b", 1, "c", Document.of("d", 2, "e", null)))
            .put("f", List.of(Document.of("g", 3)))
            .put("h", 4)
            .build();

    private static Document only(String... paths) {
        return FindOptions.ofDefaults()
                .only(Stream.of(paths).map(FieldPath::of).toList())
                .project(DOCUMENT);
    }

    @Test
    void aProjectionPicksFields() {
        assertThat(FindOptions.ofDefaults().project(DOCUMENT)).isSameAs(DOCUMENT);
        assertThat(only("h")).isEqualTo(Document.of("h", 4));
        assertThat(only("a")).isEqualTo(Document.of("a", DOCUMENT.get("a")));
        assertThat(only("a.b", "h")).isEqualTo(Document.of("a", Document.of("b", 1), "h", 4));
        assertThat(only("a.b", "a.c.d")).isEqualTo(Document.of("a", Document.of("b", 1, "c", Document.of("d", 2))));
        assertThat(only("a.c.e")).isEqualTo(Document.of("a", Document.of("c", Document.of("e", null))));
        assertThat(only("x", "a.x")).isEqualTo(Document.of("a", Document.empty()));
        assertThat(only("h.x", "f.g", "f.x")).as("the way is no document").isEqualTo(Document.empty());
    }

    @Test
    void aPathWithinAnotherSaysNothingNew() {
        for (List<String> paths : List.of(List.of("a", "a.c.d"), List.of("a.c.d", "a"), List.of("a", "a", "a.b"))) {
            FindOptions options = FindOptions.ofDefaults()
                    .only(paths.stream().map(FieldPath::of).toList());
            assertThat(options.only()).containsExactly(FieldPath.of("a"));
            assertThat(options.project(DOCUMENT)).isEqualTo(Document.of("a", DOCUMENT.get("a")));
        }
    }

    @Test
    void whatIsWrongIsRefused() {
        assertInvalid(() -> FindOptions.ofDefaults().limit(0), "the limit is 0");
        assertInvalid(() -> FindOptions.ofDefaults().skip(-1), "the skip is -1");
        assertInvalid(() -> FindOptions.ofDefaults().only(List.of(FieldPath.key("a"))), "a projection is on key(a)");
        assertInvalid(
                () -> FindOptions.ofDefaults().only(List.of(FieldPath.element())), "a projection is on element()");
    }

    @Test
    void optionsKeepWhatIsNotChanged() {
        FindOptions options = FindOptions.sortBy(Sort.ascending(FieldPath.of("h")))
                .only(List.of(FieldPath.of("a")))
                .skip(2)
                .limit(3);
        assertThat(options)
                .isEqualTo(new FindOptions(Sort.ascending(FieldPath.of("h")), 2, 3, List.of(FieldPath.of("a"))));
    }
}
