package org.corestack.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page on mail: its examples compile as they stand there, and its table of codes is whole. */
class DocsTest {
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    /** What the examples take for granted. */
    private static final String FRAME = """
            import java.io.InputStream;
            import java.nio.file.Path;
            import org.corestack.mail.*;
            import org.slf4j.Logger;
            %s
            abstract class Example%d {
                Logger log;
                MailClient mail;
                MailMessage message;
                User user;
                Storage storage;
                Tokens tokens;
                byte[] csvBytes;
                interface User { String displayName(); String address(); }
                interface Storage { InputStream open(String name); }
                interface Tokens { String current(); }
                void example() {
            %s
                }
            }
            """;

    @TempDir
    private Path classes;

    @Test
    void everyExampleCompiles() throws IOException {
        List<JavaFileObject> sources = new ArrayList<>();
        EXAMPLE.matcher(page()).results().forEach(match -> sources.add(source(sources.size(), match.group(1))));
        assertThat(sources).hasSize(4);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        boolean compiled = compiler.getTask(
                        complaints,
                        null,
                        null,
                        List.of("-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path")),
                        null,
                        sources)
                .call();
        assertThat(compiled).as(complaints.toString()).isTrue();
    }

    @Test
    void everyCodeThatMailGivesIsExplained() throws IOException {
        String page = page();
        assertThat(List.of(
                        ErrorCode.UNAVAILABLE,
                        ErrorCode.DEADLINE_EXCEEDED,
                        ErrorCode.UNAUTHORIZED,
                        ErrorCode.FORBIDDEN,
                        ErrorCode.INVALID_ARGUMENT,
                        ErrorCode.UNSUPPORTED,
                        ErrorCode.CANCELED,
                        ErrorCode.FAILED_PRECONDITION))
                .allSatisfy(code -> assertThat(page).contains("| `" + code + "` |"));
    }

    @Test
    void theDefaultsAreThoseOfThePage() throws IOException {
        MailConfig config = MailConfig.builder("h").from("a@b").build();
        assertThat(page())
                .contains(
                        "| `connectTimeout` | " + config.connectTimeout().toSeconds() + " s |",
                        "| `readTimeout` | " + config.readTimeout().toSeconds() + " s |",
                        "| `writeTimeout` | " + config.writeTimeout().toSeconds() + " s |",
                        "| `totalTimeout` | " + config.totalTimeout().toMinutes() + " min |",
                        "| `idleTimeout` | " + config.idleTimeout().toSeconds() + " s |",
                        "| `closeTimeout` | " + config.closeTimeout().toSeconds() + " s |",
                        "| `connections` | " + config.connections() + " |");
    }

    private static JavaFileObject source(int number, String code) {
        String imports = code.lines().filter(line -> line.startsWith("import ")).collect(Collectors.joining("\n"));
        String body = code.lines().filter(line -> !line.startsWith("import ")).collect(Collectors.joining("\n"));
        String text = String.format(FRAME, imports, number, body);
        return new SimpleJavaFileObject(
                URI.create("string:///Example" + number + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("../docs/mail.md"));
    }
}
