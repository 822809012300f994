package org.corestack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.corestack.store.ClientOptions;
import org.corestack.store.StoreClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

class StoreOptionTest {
    private static final String SECRET = "postgresql://anna:s3cr3t@db.example/shop";

    private final Show show = new Show();

    @TempDir
    private Path folder;

    @Test
    void argumentIsTaken() {
        assertThat(run(Map.of(), "--store", "sqlite:./shop.db").exitCode()).isZero();
        assertThat(show.seen).isEqualTo("sqlite:./shop.db");
    }

    @Test
    void environmentIsTakenWhereNoArgumentIs() {
        run(Map.of("CORESTACK_STORE", "sqlite:env.db"));
        assertThat(show.seen).isEqualTo("sqlite:env.db");
    }

    @Test
    void argumentGoesBeforeTheEnvironment() {
        run(Map.of("CORESTACK_STORE", "sqlite:env.db"), "--store", "sqlite:arg.db");
        assertThat(show.seen).isEqualTo("sqlite:arg.db");
    }

    @Test
    void emptyEnvironmentIsNone() {
        run(Map.of("CORESTACK_STORE", " "));
        assertThat(show.seen).isEqualTo("none");
    }

    @Test
    void fileHoldsTheUri() throws IOException {
        Path file = Files.writeString(folder.resolve("uri"), SECRET + "\n");
        Run run = run(Map.of(), "--store", "@" + file);
        assertThat(show.seen).isEqualTo(SECRET);
        assertThat(run.err()).as("no warning: a file is as safe as its rights").isEmpty();
    }

    @Test
    void environmentMayNameAFileToo() throws IOException {
        Path file = Files.writeString(folder.resolve("uri"), "sqlite:file.db");
        run(Map.of("CORESTACK_STORE", "@" + file));
        assertThat(show.seen).isEqualTo("sqlite:file.db");
    }

    @Test
    void everyOptionOfTheTypeReadsFiles() throws IOException {
        Path file = Files.writeString(folder.resolve("uri"), "sqlite:target.db");
        run(Map.of(), "--store=sqlite:a.db", "--target", "@" + file);
        assertThat(show.target).isEqualTo(new StoreUri("sqlite:target.db", true));
    }

    @Test
    void environmentIsForStoreAlone() {
        run(Map.of("CORESTACK_STORE", "sqlite:env.db"));
        assertThat(show.target).isNull();
    }

    @Test
    void passwordInAnArgumentWorksWithAWarning() {
        Run run = run(Map.of(), "--store", SECRET, "--target", "mongodb://h/d?password=p");
        assertThat(run.exitCode()).isZero();
        assertThat(show.seen).isEqualTo(SECRET);
        assertThat(run.err().lines())
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).contains("warning: the password in --store"))
                .anySatisfy(line -> assertThat(line).contains("warning: the password in --target"));
        assertThat(run.err()).doesNotContain("s3cr3t");
    }

    @Test
    void passwordInTheEnvironmentIsNoReasonToWarn() {
        assertThat(run(Map.of("CORESTACK_STORE", SECRET)).err()).isEmpty();
    }

    @Test
    void badFilesAreWrongUse() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty"), "\n");
        Path two = Files.writeString(folder.resolve("two"), "sqlite:a\nsqlite:b\n");
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, 0});
        assertComplaint("@" + folder.resolve("none"), "there is no file");
        assertComplaint("@" + empty, "is empty; it must hold a store's URI");
        assertComplaint("@" + two, "and nothing else");
        assertComplaint("@" + binary, "is not UTF-8 text");
        assertComplaint("@" + folder, "can't be read");
        assertComplaint("@", "a file's name must stand behind the @");
        assertComplaint("", "the store's URI is empty");
    }

    @Test
    void complaintOfTheEnvironmentNamesIt() {
        Run run = run(Map.of("CORESTACK_STORE", "@" + folder.resolve("none")));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines()).singleElement().asString().endsWith("(it comes from CORESTACK_STORE)");
        assertThat(run(Map.of(), "--store", "@" + folder.resolve("none")).err()).doesNotContain("CORESTACK_STORE");
    }

    @Test
    void storeThatCannotBeOpenedIsWrongUseWithoutItsPassword() {
        show.open = true;
        Run run = run(Map.of(), "--store", "nosuch://anna:s3cr3t@db.example/shop");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("the store nosuch://anna:<hidden>@db.example/shop can't be opened: ", "nosuch")
                .doesNotContain("s3cr3t", "\tat ");
    }

    @Test
    void noStoreAtAllIsWrongUse() {
        show.open = true;
        Run run = run(Map.of());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("no store is given; use --store URI or set CORESTACK_STORE");
    }

    @Test
    void uriPrintsWithoutItsPassword() {
        assertThat(new StoreUri(SECRET, false)).hasToString("postgresql://anna:<hidden>@db.example/shop");
    }

    private void assertComplaint(String value, String complaint) {
        Run run = run(Map.of(), "--store", value);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines()).singleElement().asString().contains(complaint);
    }

    private Run run(Map<String, String> environment, String... options) {
        String[] args = new String[options.length + 1];
        args[0] = "test";
        System.arraycopy(options, 0, args, 1, options.length);
        return Run.with(environment, show, args);
    }

    @Command(name = "test")
    private static final class Show implements Callable<Integer> {
        @Mixin
        private StoreOption store;

        @Option(names = "--target", converter = StoreUri.Converter.class)
        private StoreUri target;

        private boolean open;
        private String seen = "not run";

        @Override
        public Integer call() {
            seen = store.uri().map(StoreUri::value).orElse("none");
            if (open) {
                try (StoreClient client = store.open(ClientOptions.ofDefaults())) {
                    seen = client.source();
                }
            }
            return 0;
        }
    }
}
