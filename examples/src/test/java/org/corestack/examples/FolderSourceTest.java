package org.corestack.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.corestack.reconcile.Controller;
import org.corestack.reconcile.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A controller that keeps a map in line with a folder. */
class FolderSourceTest {
    @TempDir
    Path folder;

    @Test
    void filesThatAreThereAndThatComeAndGoAreReconciled() throws Exception {
        Map<String, String> contents = new ConcurrentHashMap<>();
        Files.writeString(folder.resolve("first"), "1");

        try (Controller<Path> mirror = Controller.named("mirror")
                .source(new FolderSource(folder))
                .start((file, context) -> {
                    String name = file.getFileName().toString();
                    if (Files.exists(file)) {
                        contents.put(name, Files.readString(file));
                    } else {
                        contents.remove(name);
                    }
                    return Result.done();
                })) {
            eventually(contents, Map.of("first", "1"));

            Files.writeString(folder.resolve("second"), "2");
            eventually(contents, Map.of("first", "1", "second", "2"));

            Files.delete(folder.resolve("first"));
            eventually(contents, Map.of("second", "2"));
            assertThat(mirror.awaitIdle(Duration.ofSeconds(30))).isTrue();
        }
    }

    private static void eventually(Map<String, String> contents, Map<String, String> expected) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(contents).isEqualTo(expected));
    }
}
