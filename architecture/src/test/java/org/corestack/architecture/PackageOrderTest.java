package org.corestack.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Core is one jar, so the compiler does not hold its inner order: a package imports only those before it. */
class PackageOrderTest {
    private static final List<String> ORDER = List.of(
            "org.corestack.errors",
            "org.corestack.reconcile",
            "org.corestack.document",
            "org.corestack.store.spi",
            "org.corestack.store",
            "org.corestack.table");

    private final JavaClasses classes = House.classes();

    @Test
    void packagesImportOnlyThoseBeforeThem() {
        for (int i = 0; i < ORDER.size() - 1; i++) {
            String[] later = ORDER.subList(i + 1, ORDER.size()).toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(ORDER.get(i))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(later)
                    .allowEmptyShould(true)
                    .check(classes);
        }
    }

    @Test
    @DisplayName("reconcile knows keys and knows no store: it and document know nothing of each other")
    void reconcileAndDocumentAreApart() {
        noClasses()
                .that()
                .resideInAPackage("org.corestack.document")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.corestack.reconcile")
                .check(classes);
    }

    @Test
    void corePackagesAreTheListedOnes() {
        Set<String> unlisted =
                new TreeSet<>(House.descriptors().get("org.corestack.core").packages());
        unlisted.removeAll(ORDER);
        assertThat(unlisted)
                .as("packages of core that have no place in the order yet")
                .isEmpty();
    }

    @Test
    void coreNamesNoEngine() {
        assertThat(classes.stream()
                        .filter(type -> ORDER.contains(type.getPackageName()))
                        .map(JavaClass::getSimpleName)
                        .filter(name -> name.matches("(?i).*(sqlite|postgres|mongo).*")))
                .isEmpty();
        noClasses()
                .that()
                .resideInAnyPackage(ORDER.toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..", "org.postgresql..", "com.mongodb..")
                .check(classes);
    }

    @Test
    void noStaticMutableState() {
        noFields()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage("org.corestack..")
                .and()
                .areStatic()
                .should()
                .notHaveModifier(JavaModifier.FINAL)
                .check(classes);
    }
}
