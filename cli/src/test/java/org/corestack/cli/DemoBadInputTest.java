package org.corestack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.corestack.store.StoreClient;
import org.corestack.table.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input gets one clear line, no stack trace, and exit code 2, before any replica is started. */
class DemoBadInputTest {
    @TempDir
    private Path folder;

    @Test
    void options() {
        complains("--replicas is 0; it must be 1 to 32", "--replicas", "0");
        complains("--replicas is -1", "--replicas=-1");
        complains("--replicas is 33", "--replicas", "33");
        complains("Invalid value for option '--replicas'", "--replicas", "three");
        complains("Unknown option: '--recrods=5'", "--recrods=5");
        complains("there can't be 0 records", "--records", "0");
        complains("there can't be 2000000 records: this JDK", "--records", "2000000");
        complains("--resume needs --store URI", "--resume");
    }

    @Test
    void optionsThatDoNotGoTogether() throws IOException {
        String file = write("u.csv", "user\na\n");
        complains("--input needs --key FIELD", "--input", file);
        complains("--key names a field of --input FILE, which is not given", "--key", "user");
        complains("--records chooses among the JDK's characters", "--input", file, "--key", "user", "--records", "5");
    }

    @Test
    void files() throws IOException {
        complains("there is no file", "--input", folder.resolve("none.csv").toString(), "--key", "user");
        String line = "{\"user\":\"%s\"}\n";
        String six = line.formatted("a")
                + line.formatted("b")
                + line.formatted("c")
                + line.formatted("d")
                + line.formatted("e")
                + line.formatted("f");
        complains("line 7 is broken JSON", "--input", write("b.ndjson", six + "{\"user\n"), "--key", "user");
        complains("line 1 has no field 'name'; it has: user", "--input", write("k.ndjson", six), "--key", "name");
        complains(
                "line 7 has the key 'a' of line 1",
                "--input",
                write("d.ndjson", six + line.formatted("a")),
                "--key",
                "user");
        complains("holds a NUL", "--input", write("n.ndjson", line.formatted("a\\u0000")), "--key", "user");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oracle:shop", "shop.db", "sqlite::memory:", "sqlite:"})
    void uris(String uri) {
        complains("", "--store", uri);
    }

    @Test
    void databaseThatCannotBeOpened() throws IOException {
        complains("can't be", "--store", "sqlite:" + folder);
        complains(
                "can't be",
                "--store",
                "sqlite:" + write("text.db", "this is no database, but long enough\n".repeat(100)));
        complains("can't be", "--store", "sqlite:" + folder.resolve("none").resolve("demo.db"));
    }

    @Test
    void tablesThatAreThereAlready() {
        String uri = "sqlite:" + folder.resolve("used.db");
        try (StoreClient client = StoreClient.open(uri)) {
            Table.open(client.store("demo"), "descriptions", String.class, Other.class)
                    .insert("k", new Other(1));
        }
        complains(
                "it holds the demo's tables already (descriptions); add --resume to go on with them,"
                        + " or name another store",
                "--store",
                uri,
                "--records",
                "10");
    }

    @Test
    void recordsOfAnotherRunAreNotResumed() {
        String uri = "sqlite:" + folder.resolve("other.db");
        try (StoreClient client = StoreClient.open(uri)) {
            Table.open(client.store("demo"), "characters", String.class, Other.class)
                    .insert("k", new Other(1));
        }
        complains("which is not one of this run's 10", "--store", uri, "--resume", "--records", "10");
    }

    private record Other(int number) {}

    private String write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private static void complains(String complaint, String... options) {
        String[] args = new String[options.length + 1];
        args[0] = "demo";
        System.arraycopy(options, 0, args, 1, options.length);
        Run run = Run.of(args);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("corestack: ")
                .contains(complaint)
                .doesNotContain("Exception");
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(2);
    }
}
