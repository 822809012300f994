package org.corestack.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.corestack.document.Refusals.assertInvalid;

import java.util.List;
import java.util.Map;
import org.corestack.document.FieldPath.Root;
import org.junit.jupiter.api.Test;

class FieldPathTest {
    private static final Key KEY = Key.of(Document.of("region", "eu", "number", 7));

    @Test
    void aPathReadsFromItsRoot() {
        Document document = Document.of("a", Document.of("b", 1), "region", "us");
        assertThat(FieldPath.of("a.b").read(KEY, document)).isEqualTo(1);
        assertThat(FieldPath.of("a").dot(FieldPath.of("b")).read(KEY, document)).isEqualTo(1);
        assertThat(FieldPath.of("region").read(KEY, document)).isEqualTo("us");
        assertThat(FieldPath.key("region").read(KEY, document)).isEqualTo("eu");
        assertThat(FieldPath.key("number").read(KEY, document)).isEqualTo(7L);
        assertThat(FieldPath.key().dot(FieldPath.of("region"))).isEqualTo(FieldPath.key("region"));
        assertThat(FieldPath.key().read(KEY, document)).isEqualTo(KEY.value());
        assertThat(FieldPath.key("region").read(Key.of("eu"), document)).isNull();
        for (String nowhere : List.of("x", "a.x", "a.b.c", "region.x")) {
            assertThat(FieldPath.of(nowhere).read(KEY, document)).isNull();
        }
    }

    @Test
    void aPathDoesNotGoThroughLists() {
        Document document = Document.of("a", List.of(Document.of("b", 1)));
        assertThat(FieldPath.of("a.b").read(KEY, document)).isNull();
    }

    @Test
    void quotedNamesCanHaveWhatNoEngineMindsInThem() {
        for (String name : List.of("größe", "名前", "first name", "a-b", "1", "(x)", "a[0]", "#&%", "é")) {
            FieldPath path = FieldPath.quoted(name);
            assertThat(path.read(KEY, Document.from(Map.of(name, 1)))).isEqualTo(1);
            assertThat(path).hasToString("'" + name + "'");
            assertInvalid(() -> FieldPath.of(name), "'" + name + "' is not a plain field name", "can be quoted");
        }
        for (String name : List.of("", "a.b", "$a", "a$", "a'b", "a\"b", "a`b", "a\\b", "a\nb", "a\0b", "\ud800")) {
            assertInvalid(() -> FieldPath.quoted(name), "is not a field name that can be queried");
        }
    }

    @Test
    void whatIsNoPathIsRefused() {
        assertInvalid(() -> new FieldPath(List.of()), "needs a name");
        assertInvalid(() -> new FieldPath(Root.ELEMENT, List.of("a")), "no names");
        assertInvalid(() -> FieldPath.key("a..b"), "''");
        assertInvalid(() -> FieldPath.of("a").dot(FieldPath.key("b")), "key(b)", "can't continue");
        assertInvalid(() -> FieldPath.of("a").dot(FieldPath.element()), "can't continue");
    }

    @Test
    void pathsAreTold() {
        assertThat(FieldPath.of("a.b")).hasToString("a.b");
        assertThat(FieldPath.key()).hasToString("key()");
        assertThat(FieldPath.key("a.b")).hasToString("key(a.b)");
        assertThat(FieldPath.element()).hasToString("element()");
    }
}
