package org.corestack.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Where the tests find the project: its root folder, its published modules, its classes and its sources. */
final class House {
    /** The published modules, each with its folder. */
    static final Map<String, String> MODULES = Map.of(
            "org.corestack.core", "core",
            "org.corestack.sql", "sql",
            "org.corestack.sqlite", "sqlite",
            "org.corestack.postgresql", "postgresql",
            "org.corestack.mongodb", "mongodb",
            "org.corestack.mail", "mail",
            "org.corestack.testkit", "testkit",
            "org.corestack.cli", "cli");

    private House() {}

    /** The folder of the parent pom; Surefire runs tests in their module's folder. */
    static Path root() {
        Path root = Path.of("").toAbsolutePath().getParent();
        if (!Files.exists(root.resolve("mvnw"))) {
            throw new IllegalStateException(root + " is not the project's root: run the tests with Maven");
        }
        return root;
    }

    /** The descriptors of our own modules on the class path, by name. */
    static Map<String, ModuleDescriptor> descriptors() {
        Map<String, ModuleDescriptor> found = new TreeMap<>();
        try {
            for (URL url : Collections.list(House.class.getClassLoader().getResources("module-info.class"))) {
                try (InputStream in = url.openStream()) {
                    ModuleDescriptor descriptor = ModuleDescriptor.read(in);
                    if (descriptor.name().startsWith("org.corestack.")) {
                        found.put(descriptor.name(), descriptor);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** The classes of the published modules, without these tests; read once, as that takes seconds. */
    static JavaClasses classes() {
        return Classes.ALL;
    }

    private static final class Classes {
        static final JavaClasses ALL = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.corestack");
    }

    /** The published modules' own source files. */
    static List<Path> sources() {
        return MODULES.values().stream()
                .flatMap(module -> javaFiles(root().resolve(module).resolve("src/main/java")).stream())
                .sorted()
                .toList();
    }

    private static List<Path> javaFiles(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
