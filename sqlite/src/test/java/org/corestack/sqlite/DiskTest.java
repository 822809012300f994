package org.corestack.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Write;
import org.corestack.store.spi.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is full, and one that can't be written: real ones, mounted for one other process alone, which Linux lets
 * most users do.
 */
class DiskTest {
    @TempDir
    Path folder;

    private static List<String> lines(Child child) {
        child.await();
        return child.lines().stream().filter(line -> !line.startsWith("SLF4J")).toList();
    }

    /** A command under which a further one sees a mount of its own. */
    private static List<String> mounted(String mount) throws IOException, InterruptedException {
        boolean root = "root".equals(System.getProperty("user.name"));
        List<String> command = new ArrayList<>(List.of("unshare", root ? "-m" : "-rm", "sh", "-c"));
        List<String> probe = new ArrayList<>(command);
        probe.add(mount);
        boolean possible;
        try {
            Process process =
                    new ProcessBuilder(probe).redirectErrorStream(true).start();
            possible = process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            possible = false;
        }
        assumeTrue(possible, "this system does not allow a mount of one's own: " + String.join(" ", probe));
        command.add(mount + " && exec \"$0\" \"$@\"");
        return command;
    }

    @Test
    void aFullDiskIsSaidToBeFullAndLosesNothing() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        List<String> command = mounted("mount -t tmpfs -o size=4m none '" + disk + "'");
        List<String> lines;
        try (Child child = Child.start(command, DiskProcess.class, "sqlite:" + disk.resolve("full.db"))) {
            lines = lines(child);
        }
        assertThat(lines).hasSizeGreaterThanOrEqualTo(2);
        assertThat(lines.get(0)).isEqualTo("full: RESOURCE_EXHAUSTED");
        assertThat(lines.get(1)).matches("there are ([0-9]+) of \\1");
    }

    @Test
    void aFileOnAReadOnlyDiskIsForbidden() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        Path file = disk.resolve("read-only.db");
        try (Engine engine = Engines.open(file)) {
            Engines.write(engine.store("s").collection("c"), new Write.Insert(Key.of(1), Document.empty()));
        }
        byte[] content = Files.readAllBytes(file);
        List<String> command =
                mounted("mount --bind '" + disk + "' '" + disk + "' && mount -o remount,bind,ro '" + disk + "'");
        for (String name : List.of("read-only.db", "new.db")) {
            try (Child child = Child.start(command, DiskProcess.class, "sqlite:" + disk.resolve(name))) {
                assertThat(lines(child)).singleElement().asString().startsWith("failed: FORBIDDEN");
            }
        }
        assertThat(file).hasBinaryContent(content);
    }

    @Test
    void aFileWithoutPermissionIsForbidden() throws Exception {
        assumeTrue(!"root".equals(System.getProperty("user.name")), "to root all files are permitted");
        Path file = folder.resolve("no-permission.db");
        Engines.open(file).close();
        assertThat(file.toFile().setWritable(false)).isTrue();
        try (Child child = Child.start(DiskProcess.class, "sqlite:" + file)) {
            assertThat(lines(child)).singleElement().asString().startsWith("failed: FORBIDDEN");
        }
    }
}
