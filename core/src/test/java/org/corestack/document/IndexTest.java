package org.corestack.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.corestack.document.Refusals.assertInvalid;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.corestack.document.Sort.Term;
import org.junit.jupiter.api.Test;

class IndexTest {
    private static Term up(String path) {
        return new Term(FieldPath.of(path), false);
    }

    private static Term down(String path) {
        return new Term(FieldPath.of(path), true);
    }

    @Test
    void itIsNamedAfterItsPaths() {
        assertThat(Index.on(FieldPath.of("a.b")).name()).isEqualTo("by-a-b");
        assertThat(Index.on(FieldPath.of("a"), FieldPath.of("b")).name()).isEqualTo("by-a--b");
        assertThat(Index.of(List.of(up("a"), down("b"))).name()).isEqualTo("by-a--b---desc");
    }

    @Test
    void noTwoHaveOneName() {
        String longName = "x".repeat(60);
        List<List<Term>> different = new ArrayList<>(List.of(
                List.of(up("a"), up("b")),
                List.of(up("a.b")),
                List.of(up("b"), up("a")),
                List.of(down("a"), up("b")),
                List.of(up("a"), down("b")),
                List.of(down("a.b")),
                List.of(up("a"), up("desc")),
                List.of(up("a.desc")),
                List.of(down("a")),
                List.of(up("a"), up("b"), up("c")),
                List.of(up("a.b"), up("c")),
                List.of(up("a"), up("b.c")),
                List.of(up("a_b")),
                List.of(up(longName + "a")),
                List.of(up(longName + "b")),
                List.of(down(longName + "b")),
                // Of one hash code.
                List.of(up("customerDeliveryAddressInformationStreetNumberAa")),
                List.of(up("customerDeliveryAddressInformationStreetNumberBB"))));
        for (String quoted : List.of("a-b", "a--b", "a---desc", "a b", "ä", "ö", "a:b")) {
            different.add(List.of(new Term(FieldPath.quoted(quoted), false)));
        }
        Set<String> names = new HashSet<>();
        for (List<Term> terms : different) {
            assertThat(Index.of(terms)).isEqualTo(Index.of(terms));
            assertThat(names.add(Index.of(terms).name()))
                    .as(terms + " " + Index.of(terms).name())
                    .isTrue();
            assertThat(Index.of(terms).name()).matches("[A-Za-z][A-Za-z0-9_-]{0,47}");
        }
    }

    @Test
    void whatItCanBe() {
        Index index = Index.on(FieldPath.of("a")).asUnique().asSparse().expiring(Duration.ofSeconds(1));
        assertThat(index).isEqualTo(new Index("by-a", List.of(up("a")), true, true, Duration.ofSeconds(1)));
        assertThat(index.named("other").paths()).containsExactly(FieldPath.of("a"));
        assertThat(index.named("other").name()).isEqualTo("other");
    }

    @Test
    void whatIsWrongIsRefused() {
        Index index = Index.on(FieldPath.of("a"));
        for (Duration age :
                List.of(Duration.ZERO, Duration.ofMillis(999), Duration.ofMillis(1500), Duration.ofSeconds(1L << 31))) {
            assertInvalid(() -> index.expiring(age), "expire after " + age, "whole seconds");
        }
        assertInvalid(
                () -> Index.on(FieldPath.of("a"), FieldPath.of("b")).expiring(Duration.ofDays(1)), "must have one");
        assertInvalid(() -> Index.of(List.of()), "has 0 paths");
        assertInvalid(
                () -> Index.of(IntStream.range(0, 17).mapToObj(i -> up("a" + i)).toList()), "has 17 paths");
        assertInvalid(() -> Index.of(List.of(up("a"), down("a"))), "twice");
        assertInvalid(() -> Index.on(FieldPath.key()), "the index by-", "key()");
        assertInvalid(() -> Index.on(FieldPath.element()), "element");
        for (String name : List.of("", "1", "a b", "x".repeat(49), "a.b")) {
            assertInvalid(() -> index.named(name), "is not an index name");
        }
    }
}
