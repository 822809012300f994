package org.corestack.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is right compiles without a warning; what is wrong does not compile. */
class CompileSafetyTest {
    private static final String PROGRAM = """
            package user;

            import static org.corestack.table.Fields.*;

            import java.math.BigDecimal;
            import java.time.*;
            import java.util.*;
            import java.util.stream.Stream;
            import org.corestack.reconcile.*;
            import org.corestack.store.*;
            import org.corestack.table.*;

            class Program {
                enum Status { NEW, SHIPPED }
                interface Named { String name(); }
                record Address(String city, int floor) {}
                record Order(String name, Status status, BigDecimal total, int parcels, long weight, double rate,
                        boolean paid, Instant placed, LocalDate day, Optional<String> nick, List<String> tags,
                        Address address, List<Line> lines, Set<Status> seen, Map<String, String> labels, Long revision)
                        implements Named {}
                record Line(String sku, int count) {}
                record OrderKey(String region, long number) {}
                record Customer(String name, int parcels) {}

                void run(Table<String, Order> orders, Table<Integer, Customer> customers, Table<OrderKey, Order> keyed,
                        ReconcileContext context, StoreTransaction transaction, Instant yesterday, Order order) {
                    %s
                }
            }
            """;

    private static final List<String> RIGHT = List.of(
            "orders.findMany(field(Order::status).eq(Status.NEW).and(field(Order::placed).lt(yesterday)),"
                    + " sortBy(field(Order::placed)).limit(100));",
            "List<Entry<String, Order>> all = orders.findMany(all(), sortBy(field(Order::day)).descending()"
                    + ".thenBy(field(Order::name)).limit(5));",
            "orders.patch(\"k\", field(Order::status).set(Status.SHIPPED).and(field(Order::parcels).increment(1)));",
            "orders.patch(\"k\", field(Order::weight).increment(1L).and(field(Order::rate).increment(0.5))"
                    + ".and(field(Order::total).increment(BigDecimal.ONE)), ifVersion(3));",
            "orders.findMany(field(Order::parcels).gte(3).and(field(Order::total).lt(BigDecimal.TEN))"
                    + ".and(field(Order::day).gt(LocalDate.MIN)).and(field(Order::paid).eq(true)));",
            "orders.findMany(field(Order::address).dot(Address::city).eq(\"Rome\")"
                    + ".and(field(Order::address).dot(Address::floor).lt(3)));",
            "orders.findMany(named(\"status\", String.class).eq(\"NEW\").and(field(Order::parcels).eq(1)));",
            "orders.findMany(field(Order::parcels).eq(1).and(named(\"status\", String.class).eq(\"NEW\")));",
            "orders.findMany(field(Named::name).eq(\"x\").and(field(Order::parcels).eq(1)));",
            "orders.findMany(field(Order::nick).eq(Optional.of(\"Bob\")));",
            "EntryFilter<Order> filter = field(Order::status).eq(Status.NEW);",
            "EntryPatch<Order> patch = field(Order::status).unset().and(field(Order::nick).set(null));",
            "Field<Order, Integer> parcels = field(Order::parcels);",
            "try (Stream<Entry<String, Order>> found = orders.stream(all(), limit(5)))"
                    + " { long count = found.count(); }",
            "orders.ensureIndex(field(Order::status)); orders.ensureIndex(named(\"x.y\", Long.class));",
            "orders.in(context).update(\"k\", order);",
            "orders.findMany(field(Order::status).in(List.of(Status.NEW, Status.SHIPPED)).or(field(Order::name).ne(\"x\")));",
            "orders.findMany(field(Order::name).startsWith(\"x\").not().and(field(Order::nick).exists())"
                    + ".or(field(Order::paid).eq(null)));",
            "orders.findMany(items(Order::lines).any(field(Line::sku).eq(\"X\").and(field(Line::count).gt(2))));",
            "orders.findMany(items(Order::tags).contains(\"x\").or(items(Order::seen).contains(Status.NEW)));",
            "orders.findMany(items(Order::tags).any(tag -> tag.startsWith(\"x\").or(tag.gt(\"y\"))));",
            "orders.findMany(field(Order::parcels).eq(1).and(items(Order::lines).any(line ->"
                    + " line.dot(Line::sku).eq(\"X\").and(line.dot(Line::count).lt(3)))));",
            "orders.findMany(orders.key().gt(\"o-5\").and(field(Order::paid).eq(true)), sortBy(orders.key()).descending());",
            "keyed.findMany(key(OrderKey::region).eq(\"eu\").and(keyed.key().dot(OrderKey::number).gt(5L)));",
            "keyed.findMany(field(Order::paid).eq(true).and(key(OrderKey::number).in(List.of(1L, 2L))),"
                    + " sortBy(key(OrderKey::number)).thenBy(field(Order::name)).skip(5).limit(5));",
            "keyed.findMany(keyed.key().in(List.of(new OrderKey(\"eu\", 1), new OrderKey(\"eu\", 2))));",
            "orders.findMany(all(), sortBy(field(Order::placed)).only(List.of(field(Order::status), field(Order::placed))));",
            "orders.findMany(all(), limit(5).only(List.of(field(Order::name))).skip(3));",
            "Entry<String, Order> after = orders.patchAndGet(\"k\", field(Order::parcels).max(3)"
                    + ".and(setServerTime(field(Order::placed))).and(advance(field(Order::revision))));",
            "orders.patch(\"k\", items(Order::tags).append(\"x\").and(items(Order::lines).append(new Line(\"X\", 1)))"
                    + ".and(items(Order::seen).appendIfAbsent(Status.NEW)).and(field(Order::total).max(BigDecimal.ONE)));",
            "orders.patch(\"k\", setServerTime(named(\"seen\", Instant.class)).and(items(Order::tags).remove(\"x\")));",
            "orders.update(\"k\", order, ifMatches(field(Order::status).eq(Status.NEW)));",
            "orders.replace(\"k\", order, ifMatches(field(Order::status).eq(Status.NEW).or(field(Named::name).eq(\"x\"))));",
            "orders.patch(\"k\", field(Order::paid).set(true), ifMatches(named(\"x\", String.class).eq(\"y\")));",
            "if (orders.delete(\"k\", ifMatches(items(Order::tags).contains(\"x\"))) || orders.delete(\"k\", ifVersion(1)))"
                    + " { System.out.println(); }",
            "EntryCondition<Order> condition = ifMatches(field(Order::paid).eq(true)); orders.delete(\"k\", condition);",
            "for (EntryResult<String> result : orders.bulk().insert(\"a\", order).update(\"b\", order, ifVersion(2))"
                    + ".patch(\"c\", field(Order::paid).set(true)).delete(\"d\").run()) { result.get(); }",
            "long gone = orders.deleteMany(field(Order::paid).eq(true)) + orders.count(all());",
            "for (EntryGroup<Order> group : orders.aggregate(all(), measure(count()).and(sum(field(Order::parcels)))"
                    + ".by(field(Order::status)).by(field(Order::day)))) { Status status = group.by(field(Order::status));"
                    + " long n = group.get(count()) + group.get(sum(field(Order::parcels))).longValue(); }",
            "Instant first = orders.aggregate(field(Order::paid).eq(true), measure(min(field(Order::placed)))"
                    + ".and(max(field(Order::total))).and(average(field(Order::rate)))).get(0).get(min(field(Order::placed)));",
            "EntryMeasure<Order, Number> weight = sum(field(Order::weight)); EntryAggregation<Order> a = measure(weight);",
            "orders.ensureIndex(index(field(Order::status)).thenBy(field(Order::placed)).descending().unique().sparse());",
            "orders.ensureIndex(expiring(field(Order::placed), Duration.ofDays(30)).named(\"old\"));",
            "List<String> statements = orders.statements(List.of(index(field(Order::status)), index(field(Order::name))));",
            "orders.in(transaction).insert(\"k\", order);",
            "orders.in(context).in(transaction).withTimeout(Duration.ofSeconds(1)).get(\"k\");",
            "EntryWriter<String, Order> writer = orders; writer.update(\"k\", order);",
            "KeySource<String> keys = customers.keys((id, customer) -> List.of(\"o-\" + id));",
            "try (Controller<String> c = Controller.named(\"c\").source(orders)"
                    + ".source(customers.keys((id, customer) -> List.of(\"o-\" + id)))"
                    + ".start((key, run) -> Result.done())) { System.out.println(c.name()); }",
            "orders.watch(field(Order::paid).eq(true), WatchOptions.ofDefaults(),"
                    + " change -> System.out.println(change.value())).close();");

    private static final List<String> WRONG = List.of(
            "field(Order::status).eq(\"NEW\");",
            "field(Order::parcels).eq(\"1\");",
            "field(Order::parcels).gt(1L);",
            "field(Order::placed).lt(LocalDate.MIN);",
            "field(Order::tags).lt(List.of());",
            "field(Order::address).gt(new Address(\"x\", 1));",
            "field(Order::nick).eq(\"Bob\");",
            "field(Order::status).set(\"SHIPPED\");",
            "field(Order::status).increment(1);",
            "field(Order::name).increment(1);",
            "field(Order::paid).increment(1);",
            "field(Order::parcels).increment(1.5);",
            "field(Order::weight).increment(1);",
            "field(Order::total).increment(1);",
            "field(Order::address).dot(Order::name);",
            "orders.findMany(field(Customer::name).eq(\"x\"));",
            "orders.findMany(field(Order::parcels).eq(1).and(field(Customer::parcels).eq(1)));",
            "orders.findMany(all(), sortBy(field(Customer::name)));",
            "orders.findMany(all(), sortBy(field(Order::name)).thenBy(field(Customer::name)));",
            "orders.patch(\"k\", field(Customer::parcels).set(1));",
            "orders.patch(\"k\", field(Order::parcels).set(1).and(field(Customer::parcels).set(1)));",
            "orders.ensureIndex(field(Customer::name));",
            "orders.get(1);",
            "field(Order::status).in(List.of(\"NEW\"));",
            "field(Order::parcels).in(List.of(1L));",
            "field(Order::status).ne(\"NEW\");",
            "field(Order::parcels).startsWith(\"1\");",
            "field(Order::status).startsWith(\"N\");",
            "field(Order::parcels).max(1L);",
            "field(Order::tags).max(List.of());",
            "items(Order::name);",
            "items(Order::labels);",
            "items(Order::lines).any(field(Order::name).eq(\"x\"));",
            "items(Order::lines).any(line -> line.dot(Order::name).eq(\"x\"));",
            "items(Order::tags).contains(1);",
            "items(Order::tags).any(tag -> tag.eq(1));",
            "items(Order::tags).append(1);",
            "items(Order::lines).append(\"X\");",
            "items(Order::seen).remove(\"NEW\");",
            "customers.findMany(items(Order::tags).contains(\"x\"));",
            "orders.key().eq(1);",
            "orders.key().gt(5);",
            "keyed.key().lt(new OrderKey(\"eu\", 1));",
            "key(OrderKey::number).eq(\"1\");",
            "setServerTime(field(Order::day));",
            "setServerTime(field(Order::revision));",
            "advance(field(Order::placed));",
            "advance(field(Order::parcels));",
            "orders.update(\"k\", order, ifMatches(field(Customer::name).eq(\"x\")));",
            "orders.update(\"k\", order, field(Order::paid).eq(true));",
            "orders.patch(\"k\", field(Order::paid).set(true), ifMatches(field(Customer::name).eq(\"x\")));",
            "orders.delete(\"k\", ifVersion(\"1\"));",
            "orders.patchAndGet(\"k\", field(Customer::parcels).set(1));",
            "orders.findMany(all(), limit(5).only(List.of(field(Customer::name))));",
            "orders.findMany(all(), sortBy(field(Order::name)).only(List.of(field(Customer::name))));",
            "orders.findMany(field(Order::paid).eq(true).or(field(Customer::name).eq(\"x\")));",
            "orders.bulk().insert(1, order);",
            "orders.bulk().patch(\"k\", field(Customer::parcels).set(1));",
            "orders.aggregate(all(), measure(sum(field(Customer::parcels))));",
            "orders.aggregate(all(), measure(count()).by(field(Customer::name)));",
            "sum(field(Order::name));",
            "average(field(Order::placed));",
            "min(field(Order::tags));",
            "String sum = orders.aggregate(all(), measure(count())).get(0).get(count());",
            "String status = orders.aggregate(all(), measure(count())).get(0).by(field(Order::status));",
            "orders.ensureIndex(index(field(Order::status)).thenBy(field(Customer::name)));",
            "orders.ensureIndex(expiring(field(Order::day), Duration.ofDays(1)));",
            "orders.statements(List.of(index(field(Customer::name))));",
            "orders.deleteMany(field(Customer::name).eq(\"x\"));",
            "orders.in(order);",
            "orders.insert(\"k\", \"no order\");",
            "Controller.named(\"c\").source(orders).source(customers);",
            "Table<String, Customer> wrong = orders;");

    @TempDir
    Path classes;

    @Test
    void whatIsRightCompilesWithoutAWarning() throws IOException {
        assertThat(compile(RIGHT)).isEmpty();
    }

    @Test
    void nothingOfWhatIsWrongCompiles() throws IOException {
        Map<Integer, String> problems = compile(WRONG);
        assertThat(problems.values()).allMatch(problem -> problem.startsWith("ERROR"));
        for (int i = 0; i < WRONG.size(); i++) {
            assertThat(problems).as(WRONG.get(i)).containsKey(i);
        }
    }

    /** The problems that the compiler finds in a program with the statements, by the statement's number. */
    private Map<Integer, String> compile(List<String> statements) throws IOException {
        int first = (int) PROGRAM.substring(0, PROGRAM.indexOf("%s")).lines().count();
        String code = statements.stream().map(line -> "{ " + line + " }").collect(Collectors.joining("\n"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        String classPath = Stream.of(Table.class, Nullable.class)
                .map(type -> Path.of(URI.create(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toString()))
                        .toString())
                .collect(Collectors.joining(java.io.File.pathSeparator));
        SimpleJavaFileObject source =
                new SimpleJavaFileObject(URI.create("string:///user/Program.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return PROGRAM.formatted(code);
                    }
                };
        try (var files = compiler.getStandardFileManager(found, Locale.ROOT, null)) {
            compiler.getTask(
                            new StringWriter(),
                            files,
                            found,
                            List.of(
                                    "-Xlint:all",
                                    "-proc:none",
                                    "--release",
                                    "17",
                                    "-d",
                                    classes.toString(),
                                    "-cp",
                                    classPath),
                            null,
                            List.of(source))
                    .call();
        }
        Map<Integer, String> problems = new TreeMap<>();
        for (Diagnostic<? extends JavaFileObject> problem : found.getDiagnostics()) {
            if (problem.getKind() == Diagnostic.Kind.NOTE) {
                continue;
            }
            problems.merge(
                    (int) problem.getLineNumber() - first,
                    problem.getKind() + ": " + problem.getMessage(Locale.ROOT),
                    (one, another) -> one + "; " + another);
        }
        return problems;
    }
}
