package org.corestack.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples on the pages under docs/ compile as they stand there.
 *
 * <p>What an example takes for granted stands in a frame named after its page, {@code docs/PAGE.txt} in the test resources:
 * members of the class whose method the example becomes. An ellipsis in an example stands for anything.
 */
class DocsExamplesTest {
    private static final Path PAGES = Path.of("../docs");
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern MEMBER = Pattern.compile("@Test.*", Pattern.DOTALL);
    /** Declared in the frame, with what the page's other examples need. */
    private static final Pattern SHORTENED = Pattern.compile("(?m)^record Order\\(.*\\) \\{}\n");

    @TempDir
    private Path classes;

    @Test
    void everyExampleCompiles() throws IOException {
        List<JavaFileObject> sources = new ArrayList<>();
        try (Stream<Path> pages = Files.list(PAGES)) {
            for (Path page : pages.filter(path -> path.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                sources.addAll(sources(page));
            }
        }
        // Far fewer would say that the pattern no longer finds them.
        assertThat(sources).hasSizeGreaterThan(20);
        StringWriter complaints = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
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

    private static List<JavaFileObject> sources(Path page) throws IOException {
        String name = page.getFileName().toString().replace(".md", "");
        List<String> examples = EXAMPLE.matcher(Files.readString(page))
                .results()
                .map(match -> match.group(1))
                // A module's declaration is no program.
                .filter(example -> !example.startsWith("module "))
                .toList();
        List<JavaFileObject> sources = new ArrayList<>();
        for (String example : examples) {
            String type = "Docs" + name.substring(0, 1).toUpperCase(Locale.ROOT)
                    + name.substring(1).replace("-", "") + sources.size();
            sources.add(source(type, frame(name), example));
        }
        return sources;
    }

    private static String frame(String page) throws IOException {
        return Files.readString(Path.of("src/test/resources/docs", page + ".txt"));
    }

    private static JavaFileObject source(String type, String frame, String example) {
        String code = completed(SHORTENED.matcher(example).replaceAll(""));
        boolean member = MEMBER.matcher(code).matches();
        String text = imports(frame) + imports(code) + "abstract class " + type
                + (member ? " extends StoreContract" : "") + " {\n"
                + rest(frame)
                + (member ? rest(code) : "void example() throws Exception {\n" + rest(code) + "}\n")
                + "}\n";
        return new SimpleJavaFileObject(URI.create("string:///" + type + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }

    /** Without ellipses, and expressions made statements. */
    private static String completed(String example) {
        String code = example.replace("{ … }", "{ throw new IllegalStateException(); }")
                .replaceAll("(?m)^\\s*…$", "");
        if (code.contains(";")) {
            return code;
        }
        return code.lines()
                .map(line -> "use(" + line.replaceAll("\\s*//.*", "") + ");")
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String imports(String code) {
        return lines(code, true);
    }

    private static String rest(String code) {
        return lines(code, false);
    }

    private static String lines(String code, boolean imports) {
        return code.lines()
                .filter(line -> line.startsWith("import ") == imports)
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }
}
