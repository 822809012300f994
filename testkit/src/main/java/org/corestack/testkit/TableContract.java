package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.corestack.table.Fields.all;
import static org.corestack.table.Fields.field;
import static org.corestack.table.Fields.ifVersion;
import static org.corestack.table.Fields.named;
import static org.corestack.table.Fields.sortBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.corestack.document.Bytes;
import org.corestack.document.Document;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.reconcile.Controller;
import org.corestack.reconcile.Keys;
import org.corestack.reconcile.Result;
import org.corestack.store.StoreClient;
import org.corestack.store.Watch;
import org.corestack.store.WatchOptions;
import org.corestack.table.Entry;
import org.corestack.table.EntryFilter;
import org.corestack.table.Table;
import org.corestack.table.TableSnapshot;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What tables must do on an engine, as tests: the user's types come back as they were, typed filters and patches mean
 * the same as in memory, and controllers hear of every change. Run as {@link StoreContract} is.
 */
public abstract class TableContract extends EntryContract {
    /** For subclasses. */
    protected TableContract() {}

    enum Kind {
        SMALL,
        LARGE
    }

    record Part(String name, @Nullable Integer count) {}

    sealed interface Shape {
        record Circle(BigDecimal radius, Instant drawn) implements Shape {}

        record Box(int width, int height) implements Shape {}
    }

    record Thing(
            boolean yes,
            int whole,
            long large,
            double fraction,
            BigDecimal exact,
            String text,
            Kind kind,
            UUID id,
            Instant at,
            LocalDate day,
            Duration lasting,
            Bytes content,
            Part part,
            List<Part> parts,
            Map<Kind, Long> counts,
            Optional<String> maybe,
            Shape shape,
            @Nullable String absent) {}

    record ThingKey(Kind kind, long number, UUID id) {}

    record Counter(int count, @Nullable String note) {}

    record OldCounter(int count) {}

    private static Thing thing(int n) {
        return new Thing(
                n % 2 == 0,
                n,
                Long.MAX_VALUE - n,
                n / 8.0,
                new BigDecimal(n).movePointLeft(2),
                "text " + n + " ü𝄞",
                n % 3 == 0 ? Kind.SMALL : Kind.LARGE,
                new UUID(n, -n),
                Instant.ofEpochMilli(1000L * n - 5),
                LocalDate.of(2026, 1, 1).plusDays(n),
                Duration.ofSeconds(n),
                Bytes.of((byte) n),
                new Part("p", n),
                List.of(new Part("a", null), new Part("b", 1)),
                Map.of(Kind.LARGE, (long) n),
                n % 2 == 0 ? Optional.of("m" + n) : Optional.empty(),
                n % 2 == 0 ? new Shape.Circle(new BigDecimal("1.20"), Instant.EPOCH) : new Shape.Box(1, n),
                null);
    }

    private Table<Integer, Thing> tableOfThings() {
        Table<Integer, Thing> table = Table.open(store(), "typed", Integer.class, Thing.class);
        IntStream.range(0, 20).forEach(n -> table.insert(n, thing(n)));
        return table;
    }

    private Table<String, Counter> counters(StoreClient client) {
        return Table.open(client.store("contract"), "counters", String.class, Counter.class);
    }

    @Test
    void entriesOfAllTypesComeBackEqual() {
        Table<Integer, Thing> table = tableOfThings();
        for (int n = 0; n < 20; n++) {
            assertThat(table.get(n)).isEqualTo(thing(n));
        }
        assertThat(table.findMany(all())).extracting(Entry::value).containsExactlyElementsOf(things(20));
        table.replace(3, thing(4));
        table.update(5, thing(6));
        assertThat(table.get(3)).isEqualTo(thing(4));
        assertThat(table.get(5)).isEqualTo(thing(6));
    }

    private static List<Thing> things(int count) {
        return IntStream.range(0, count).mapToObj(TableContract::thing).toList();
    }

    @Test
    void typedFiltersMeanWhatTheySay() {
        Table<Integer, Thing> table = tableOfThings();
        assertFound(table, field(Thing::yes).eq(true), IntStream.iterate(0, n -> n < 20, n -> n + 2));
        assertFound(table, field(Thing::whole).gte(17), IntStream.range(17, 20));
        assertFound(table, field(Thing::large).gt(Long.MAX_VALUE - 3), IntStream.range(0, 3));
        assertFound(table, field(Thing::fraction).lt(0.25), IntStream.range(0, 2));
        assertFound(table, field(Thing::exact).lte(new BigDecimal("0.020")), IntStream.range(0, 3));
        assertFound(table, field(Thing::text).eq("text 7 ü𝄞"), IntStream.of(7));
        assertFound(table, field(Thing::kind).eq(Kind.SMALL), IntStream.iterate(0, n -> n < 20, n -> n + 3));
        assertFound(table, field(Thing::id).eq(new UUID(9, -9)), IntStream.of(9));
        assertFound(table, field(Thing::at).lt(Instant.ofEpochMilli(1996)), IntStream.range(0, 3));
        assertFound(table, field(Thing::day).gt(LocalDate.of(2026, 1, 18)), IntStream.range(18, 20));
        assertFound(table, field(Thing::lasting).eq(Duration.ofSeconds(4)), IntStream.of(4));
        assertFound(table, field(Thing::content).eq(Bytes.of((byte) 5)), IntStream.of(5));
        assertFound(table, field(Thing::part).dot(Part::count).eq(6), IntStream.of(6));
        assertFound(table, field(Thing::maybe).eq(Optional.of("m8")), IntStream.of(8));
        assertFound(table, field(Thing::maybe).eq(Optional.empty()), IntStream.iterate(1, n -> n < 20, n -> n + 2));
        assertFound(
                table,
                named("shape.height", int.class).gt(3).and(field(Thing::whole).lt(9)),
                IntStream.of(5, 7));
    }

    private static void assertFound(
            Table<Integer, Thing> table, EntryFilter<? super Thing> filter, IntStream expected) {
        List<Integer> keys = table.findMany(filter).stream().map(Entry::key).toList();
        assertThat(keys)
                .as(filter.toString())
                .containsExactlyElementsOf(expected.boxed().toList());
    }

    @Test
    void entriesComeInTheOrderOfTypedFields() {
        Table<Integer, Thing> table = tableOfThings();
        table.ensureIndex(field(Thing::at));
        table.ensureIndex(field(Thing::at));
        table.ensureIndex(field(Thing::part).dot(Part::count));
        try (Stream<Entry<Integer, Thing>> late = table.stream(
                field(Thing::at).gt(Instant.ofEpochMilli(5000)),
                sortBy(field(Thing::yes)).thenBy(field(Thing::at)).descending().limit(9))) {
            assertThat(late.map(Entry::key)).containsExactly(19, 17, 15, 13, 11, 9, 7, 18, 16);
        }
    }

    @Test
    void typedPatchesMeanWhatTheySay() {
        Table<Integer, Thing> table = tableOfThings();
        table.patch(
                1,
                field(Thing::kind)
                        .set(Kind.SMALL)
                        .and(field(Thing::whole).increment(-5))
                        .and(field(Thing::large).increment(1L))
                        .and(field(Thing::exact).increment(new BigDecimal("0.005")))
                        .and(field(Thing::part).dot(Part::name).set("q"))
                        .and(field(Thing::maybe).set(Optional.of("now")))
                        .and(field(Thing::shape).set(new Shape.Circle(BigDecimal.ONE, Instant.EPOCH))));
        Thing patched = table.get(1);
        assertThat(patched.kind()).isEqualTo(Kind.SMALL);
        assertThat(patched.whole()).isEqualTo(-4);
        assertThat(patched.large()).isEqualTo(Long.MAX_VALUE);
        assertThat(patched.exact()).isEqualByComparingTo("0.015");
        assertThat(patched.part()).isEqualTo(new Part("q", 1));
        assertThat(patched.maybe()).contains("now");
        assertThat(patched.shape()).isEqualTo(new Shape.Circle(BigDecimal.ONE, Instant.EPOCH));
        table.patch(
                1,
                field(Thing::maybe).set(Optional.empty()).and(field(Thing::text).unset()));
        assertThat(table.get(1).maybe()).isEmpty();
        assertThat(table.get(1).text()).isNull();
        assertFails(
                ErrorCode.INVALID_ARGUMENT,
                () -> table.patch(1, field(Thing::large).increment(1L)));
    }

    @Test
    void recordsAreKeys() throws Exception {
        Table<ThingKey, Part> table = Table.open(store(), "keyed", ThingKey.class, Part.class);
        ThingKey first = new ThingKey(Kind.LARGE, -1, new UUID(0, 1));
        ThingKey second = new ThingKey(Kind.LARGE, 2, new UUID(0, 1));
        ThingKey third = new ThingKey(Kind.SMALL, -7, new UUID(0, 1));
        table.insert(third, new Part("three", 3));
        table.insert(first, new Part("one", 1));
        table.insert(second, new Part("two", 2));
        assertThat(table.get(second)).isEqualTo(new Part("two", 2));
        assertThat(table.findMany(all())).extracting(Entry::key).containsExactly(first, second, third);
        try (TableSnapshot<ThingKey, Part> snapshot = table.snapshot()) {
            assertThat(snapshot).extracting(Entry::key).containsExactly(first, second, third);
        }
        try (Keys<ThingKey> keys = table.keys()) {
            assertThat(keys.next()).isEqualTo(first);
        }
        assertThat(table.delete(second)).isTrue();
        assertThat(table.find(second)).isEmpty();
    }

    @Test
    void programsOfTwoVersionsShareATable() {
        Table<String, Counter> table = counters(client());
        Table<String, OldCounter> old = Table.open(store(), "counters", String.class, OldCounter.class);
        table.insert("c", new Counter(1, "kept"));
        old.update("c", new OldCounter(2));
        assertThat(table.get("c")).isEqualTo(new Counter(2, "kept"));
        table.update("c", new Counter(3, null));
        assertThat(table.collection().find(key("c")).orElseThrow().document()).isEqualTo(doc("count", 3));
        old.upsert("d", new OldCounter(1));
        assertThat(table.get("d")).isEqualTo(new Counter(1, null));
    }

    @Test
    void updatesByVersionLoseNothing() {
        Table<String, Counter> table = counters(client());
        table.insert("c", new Counter(0, null));
        together(4, () -> {
            Table<String, Counter> own = counters(openClient("writer"));
            for (int i = 0; i < 25; ) {
                Entry<String, Counter> entry = own.findEntry("c").orElseThrow();
                try {
                    own.update("c", new Counter(entry.value().count() + 1, null), ifVersion(entry.version()));
                    i++;
                } catch (CoreException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
                }
            }
            return null;
        });
        assertThat(table.get("c").count()).isEqualTo(100);
    }

    @Test
    void changesComeInTheTablesTypes() {
        Table<String, Counter> table = counters(client());
        table.insert("c", new Counter(0, "old"));
        List<String> heard = new CopyOnWriteArrayList<>();
        Table<String, Counter> watched = counters(openClient("watcher"));
        try (Watch watch = watched.watch(
                field(Counter::count).gt(0),
                WatchOptions.ofDefaults(),
                change -> heard.add(change.operation() + " " + change.key() + " " + change.value()))) {
            table.insert("d", new Counter(1, null));
            table.collection().insert(key("bad"), doc("count", "none"));
            awaitThat("the first change", () -> heard.size() == 1);
            table.patch("d", field(Counter::count).set(0));
            awaitThat("the second change", () -> heard.size() == 2);
            table.delete("c");
            awaitThat("the third change", () -> heard.size() == 3);
            assertThat(watch.isOpen()).isTrue();
        }
        assertThat(heard).containsExactly("INSERT d Counter[count=1, note=null]", "LEFT d null", "DELETE c null");
    }

    @Test
    @Need.Of(Need.EXACT_IMAGES)
    void aChangeShowsTheEntryBeforeItWhereImagesAreKept() {
        Table<String, Counter> table = counters(client());
        table.collection().keepImages(true);
        List<String> heard = new CopyOnWriteArrayList<>();
        try (Watch watch = table.watch(
                WatchOptions.ofDefaults().withExactImages(),
                change -> heard.add(change.before() + " to " + change.value()))) {
            table.insert("c", new Counter(1, null));
            table.patch("c", field(Counter::count).set(2));
            table.delete("c");
            awaitThat("all changes", () -> heard.size() == 3 && watch.isOpen());
        }
        assertThat(heard)
                .containsExactly(
                        "null to Counter[count=1, note=null]",
                        "Counter[count=1, note=null] to Counter[count=2, note=null]",
                        "Counter[count=2, note=null] to null");
    }

    @Test
    void controllersOfTwoClientsSeeEveryEntry() {
        Table<String, Counter> table = counters(client());
        Map<String, Integer> seen = new ConcurrentHashMap<>();
        Table<Integer, Part> names = Table.open(store(), "names", Integer.class, Part.class);
        for (int i = 0; i < 20; i++) {
            table.insert("c-" + i, new Counter(0, null));
        }
        Table<String, Counter> others = counters(openClient("other"));
        try (Controller<String> controller = Controller.named("mirror")
                .source(others)
                .source(names.keys((number, part) -> part == null ? List.of() : List.of(part.name())))
                .start((key, context) -> {
                    seen.merge(key + " runs", 1, Integer::sum);
                    seen.put(
                            key,
                            others.in(context).find(key).map(Counter::count).orElse(-1));
                    return Result.done();
                })) {
            awaitThat("the list", () -> IntStream.range(0, 20).allMatch(i -> seen.containsKey("c-" + i)));
            for (int i = 0; i < 20; i++) {
                table.patch("c-" + i, field(Counter::count).increment(i));
            }
            table.delete("c-19");
            awaitThat(
                    "the last state of every entry",
                    () -> seen.getOrDefault("c-19", 0) == -1
                            && IntStream.range(0, 19).allMatch(i -> seen.getOrDefault("c-" + i, -2) == i));
            names.insert(1, new Part("named", 1));
            awaitThat("the mapped key", () -> seen.containsKey("named runs"));
            assertThat(controller.parked()).isEmpty();
        }
    }

    @Test
    void aDocumentThatDoesNotFitIsNamed() {
        Table<String, Counter> table = counters(client());
        table.collection().insert(key("bad"), Document.of("count", "none"));
        assertFails(ErrorCode.UNSUPPORTED, () -> table.get("bad"));
        assertFails(ErrorCode.UNSUPPORTED, () -> table.findMany(all()));
        table.insert("good", new Counter(1, null));
        assertThat(table.get("good").count()).isEqualTo(1);
    }
}
