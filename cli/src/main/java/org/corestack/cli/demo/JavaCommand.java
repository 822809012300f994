package org.corestack.cli.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.corestack.cli.Main;

/** How to run the command line again in a process of its own: with the same JVM and the same classes. */
final class JavaCommand {
    private static final int RESTRICTS_NATIVE_ACCESS = 22;

    private JavaCommand() {}

    /**
     * The words of the command.
     *
     * @param temporary the folder for its temporary files
     */
    static List<String> of(Path temporary, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current()
                .info()
                .command()
                .orElseGet(() ->
                        Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        // Short lives on few cores: what starts quickly ends sooner than what would run faster after a minute.
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+UseSerialGC");
        if (Runtime.version().feature() >= RESTRICTS_NATIVE_ACCESS) {
            command.add("--enable-native-access=ALL-UNNAMED"); // a jar's manifest says so only for -jar
        }
        command.add("-Djava.io.tmpdir=" + temporary);
        // A replica's listener says in fewer words what its controllers log.
        command.add("-Dorg.slf4j.simpleLogger.log.org.corestack.reconcile=error");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Main.class.getName());
        command.addAll(List.of(arguments));
        return command;
    }
}
