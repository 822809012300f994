package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.corestack.sql.SqlDialect;
import org.corestack.table.Table;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.sqlite.SQLiteDataSource;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.ObjectMapper;

/** What a user's module has to say to use tables: compiled and run on the module path, in a process of its own. */
class ModularUseTest {
    private static final String PROGRAM = """
            package shop;

            import static org.corestack.table.Fields.field;
            import static org.corestack.table.Fields.sortBy;

            import java.time.Instant;
            import java.util.List;
            import java.util.concurrent.CountDownLatch;
            import org.corestack.reconcile.Controller;
            import org.corestack.reconcile.Result;
            import org.corestack.store.StoreClient;
            import org.corestack.table.Table;

            public final class Main {
                %1$s enum Status { NEW, SENT }
                %1$s record Key(String region, int number) {}
                %1$s sealed interface Paid permits Cash, Card {}
                %1$s record Cash() implements Paid {}
                %1$s record Card(String last) implements Paid {}
                %1$s record Order(Status status, int parcels, Instant placed, Paid paid) {}

                public static void main(String[] args) throws Exception {
                    try (StoreClient client = StoreClient.open(args[0])) {
                        Table<Key, Order> orders =
                                Table.open(client.store("shop"), "orders", Key.class, Order.class);
                        Key key = new Key("EU", 1);
                        orders.insert(key, new Order(Status.NEW, 1, Instant.EPOCH, new Card("1234")));
                        CountDownLatch done = new CountDownLatch(1);
                        try (Controller<Key> sender = Controller.named("sender").source(orders)
                                .start((id, context) -> {
                            orders.in(context).patch(id, field(Order::status).set(Status.SENT)
                                    .and(field(Order::parcels).increment(1)));
                            done.countDown();
                            return Result.done();
                        })) {
                            done.await();
                        }
                        System.out.println(orders.findMany(field(Order::status).eq(Status.SENT),
                                sortBy(field(Order::placed)).limit(1)).get(0).value().paid());
                    }
                }
            }
            """;

    @TempDir
    Path folder;

    @Test
    void aPackageThatIsOpenToJacksonCanKeepItsTypesToItself() throws Exception {
        assertThat(run("private", "opens shop to tools.jackson.databind;")).contains("Card[last=1234]");
    }

    @Test
    void publicTypesOfAnExportedPackageNeedNoMore() throws Exception {
        assertThat(run("public", "exports shop;")).contains("Card[last=1234]");
    }

    @Test
    void aClosedPackageIsRefusedWithWhatWouldMendIt() throws Exception {
        assertThat(run("private", "")).contains("INVALID_ARGUMENT", "opens shop to tools.jackson.databind");
    }

    private String run(String access, String directive) throws IOException, InterruptedException {
        Path source = Files.createDirectories(folder.resolve("source/shop")).resolve("Main.java");
        Files.writeString(source, PROGRAM.formatted(access));
        Path descriptor = folder.resolve("source/module-info.java");
        Files.writeString(descriptor, "module shop { requires org.corestack.core; " + directive + " }");
        Path classes = folder.resolve("classes");
        int problems = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-p",
                        modulePath(),
                        "-proc:none",
                        "-d",
                        classes.toString(),
                        descriptor.toString(),
                        source.toString());
        assertThat(problems).isZero();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-p",
                modulePath() + File.pathSeparator + classes,
                "-m",
                "shop/shop.Main",
                "sqlite:" + folder.resolve("shop.db")));
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output);
    }

    private static String modulePath() {
        return Stream.of(
                        Table.class,
                        SqlDialect.class,
                        SqliteFile.class,
                        SQLiteDataSource.class,
                        ObjectMapper.class,
                        JsonParser.class,
                        JsonProperty.class,
                        Logger.class,
                        Nullable.class)
                .map(ModularUseTest::location)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
