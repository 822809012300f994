package org.corestack.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's first program, taken from its text, compiles without a warning and does what the README says. */
class FirstProgramTest {
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CLASS_NAME = Pattern.compile("public class (\\w+)");

    @TempDir
    Path folder;

    @Test
    void compilesAndRunsAsTheReadmeHasIt() throws Exception {
        String program = firstProgram();
        String name = className(program);
        assertThat(program.lines().filter(line -> !line.isBlank()).count())
                .as("lines of the first program")
                .isLessThanOrEqualTo(32);

        compile(name, program);

        assertThat(run(name)).contains("shipped o-1 to Ada");
        assertThat(folder.resolve("shop.db")).isRegularFile();
        assertThat(run(name)).as("a second run finds the order shipped").doesNotContain("shipped o-1");
    }

    private static String firstProgram() throws IOException {
        Matcher block = JAVA_BLOCK.matcher(Files.readString(Path.of("..", "README.md")));
        assertThat(block.find()).as("README.md has a java block").isTrue();
        return block.group(1);
    }

    private static String className(String program) {
        Matcher name = CLASS_NAME.matcher(program);
        assertThat(name.find()).as("the program has a public class").isTrue();
        return name.group(1);
    }

    private void compile(String name, String program) throws IOException {
        Path source = Files.writeString(folder.resolve(name + ".java"), program);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<String> options =
                    List.of("-Xlint:all", "-Werror", "--release", "17", "-proc:none", "-cp", classPath());
            boolean compiled = compiler.getTask(messages, files, null, options, null, files.getJavaFileObjects(source))
                    .call();
            assertThat(compiled).as(messages.toString()).isTrue();
        }
    }

    private String run(String name) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        folder + java.io.File.pathSeparator + classPath(),
                        name)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(output);
        assertThat(ended).as("ended within a minute: " + text).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }

    /** Surefire starts with a small jar that names the real class path. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
