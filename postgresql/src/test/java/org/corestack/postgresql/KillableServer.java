package org.corestack.postgresql;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server that can be killed and started again, on the same data and port. */
final class KillableServer implements AutoCloseable {
    private final Path folder;
    private final EmbeddedPostgres server;
    /** What starts it again, with the parameters that it was started with. */
    private final List<String> command = new ArrayList<>();

    KillableServer(Path folder) throws IOException {
        this.folder = folder;
        this.server = Server.builder()
                .setServerConfig(
                        "synchronous_commit", "on") // else the confirmed writes of the last moments would be lost
                .setDataDirectory(folder.resolve("data"))
                .setCleanDataDirectory(false)
                .start();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U")); // the server refuses to be root's
        }
        ProcessHandle.Info info = process().info();
        command.add(info.command().orElseThrow());
        command.addAll(List.of(info.arguments().orElseThrow()));
    }

    int port() {
        return server.getPort();
    }

    String uri() {
        return Server.uri("postgres", port());
    }

    /** The server's first process. */
    private ProcessHandle process() throws IOException {
        Path file = folder.resolve("data").resolve("postmaster.pid");
        return ProcessHandle.of(Long.parseLong(Files.readAllLines(file).get(0).trim()))
                .orElseThrow();
    }

    /** Kills the first process, as the kernel does when memory is short; the others end when they miss it. */
    void kill() throws IOException {
        ProcessHandle killed = process();
        killed.destroyForcibly();
        killed.onExit().join();
    }

    /** Starts it after it was killed, as soon as the killed one's processes are gone. */
    void startAgain() {
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
            start();
            return true;
        });
    }

    private void start() throws IOException {
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("server.log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(20))
                .failFast(() -> !started.isAlive())
                .until(() -> {
                    try {
                        Server.run(port(), "postgres", "SELECT 1");
                        return true;
                    } catch (IllegalStateException e) {
                        return false; // it recovers
                    }
                });
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
