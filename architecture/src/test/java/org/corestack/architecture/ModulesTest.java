package org.corestack.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The modules are what ARCHITECTURE.md says: its table is read, so that it can't become untrue. */
class ModulesTest {
    private static final Pattern ROW =
            Pattern.compile("^\\| `(org\\.corestack\\.[a-z]+)` \\|([^|]*)\\|([^|]*)\\|", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("`(org\\.corestack[a-z.]*)`");

    private final Map<String, ModuleDescriptor> descriptors = House.descriptors();

    @Test
    void everyPublishedModuleHasADescriptor() {
        assertThat(descriptors.keySet()).isEqualTo(new TreeSet<>(House.MODULES.keySet()));
    }

    @Test
    void arrowsBetweenModulesAreTheDocumentedOnes() throws IOException {
        assertThat(eachModule(this::requires)).isEqualTo(documented(2));
    }

    @Test
    void exportsAreTheDocumentedOnes() throws IOException {
        assertThat(eachModule(this::exports)).isEqualTo(documented(3));
    }

    @Test
    void sharedSqlIsExportedToEnginesAlone() {
        assertThat(descriptors.get("org.corestack.sql").exports())
                .allSatisfy(export -> assertThat(export.targets())
                        .isNotEmpty()
                        .isSubsetOf("org.corestack.sqlite", "org.corestack.postgresql"));
    }

    @Test
    void nothingInternalIsExported() {
        descriptors.forEach((name, descriptor) -> assertThat(descriptor.exports())
                .as(name)
                .extracting(ModuleDescriptor.Exports::source)
                .noneMatch(source -> source.contains("internal")));
    }

    @Test
    void packagesAreOpenedToNamedModulesOnly() {
        descriptors.forEach((name, descriptor) -> {
            assertThat(descriptor.isOpen()).as(name).isFalse();
            assertThat(descriptor.opens()).as(name).allMatch(ModuleDescriptor.Opens::isQualified);
        });
    }

    @Test
    void bomHasEveryPublishedArtifact() throws IOException {
        String bom = Files.readString(House.root().resolve("bom/pom.xml"));
        Set<String> artifacts = Pattern.compile("<artifactId>corestack-([a-z]+)</artifactId>")
                .matcher(bom)
                .results()
                .map(match -> match.group(1))
                .filter(name -> !name.equals("bom"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(artifacts).isEqualTo(new TreeSet<>(House.MODULES.values()));
    }

    private Set<String> requires(ModuleDescriptor descriptor) {
        return descriptor.requires().stream()
                .map(ModuleDescriptor.Requires::name)
                .filter(name -> name.startsWith("org.corestack."))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> exports(ModuleDescriptor descriptor) {
        return descriptor.exports().stream()
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Map<String, Set<String>> eachModule(java.util.function.Function<ModuleDescriptor, Set<String>> what) {
        Map<String, Set<String>> all = new TreeMap<>();
        descriptors.forEach((name, descriptor) -> all.put(name, what.apply(descriptor)));
        return all;
    }

    private static Map<String, Set<String>> documented(int column) throws IOException {
        Map<String, Set<String>> all = new TreeMap<>();
        Matcher rows = ROW.matcher(Files.readString(House.root().resolve("ARCHITECTURE.md")));
        for (MatchResult row : rows.results().toList()) {
            Set<String> names = new LinkedHashSet<>();
            NAME.matcher(row.group(column)).results().forEach(match -> names.add(match.group(1)));
            all.put(row.group(1), names);
        }
        return all;
    }
}
