package org.corestack.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What users see is closed: they can call and implement, and not extend what was not made for it. */
class PublicTypesTest {
    private final Set<JavaClass> types = House.classes().stream().collect(Collectors.toSet());

    @Test
    void publicTypesAreClosed() {
        assertThat(types.stream()
                        .filter(PublicTypesTest::isVisible)
                        .filter(type -> !isClosed(type))
                        .map(JavaClass::getName)
                        .sorted())
                .as("public classes that are neither final nor sealed, nor a contract for engines to inherit")
                .isEmpty();
    }

    @Test
    void namesSayWhatATypeIs() {
        assertThat(types.stream()
                        .map(JavaClass::getSimpleName)
                        .filter(name -> name.endsWith("Impl") || name.matches("I[A-Z][a-z].*")))
                .isEmpty();
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(types.stream()
                        .map(JavaClass::getPackageName)
                        .distinct()
                        .filter(name -> !isNullMarked(name))
                        .sorted())
                .isEmpty();
    }

    private static boolean isNullMarked(String packageName) {
        try {
            return Class.forName(packageName + ".package-info").isAnnotationPresent(NullMarked.class);
        } catch (ClassNotFoundException e) {
            return false; // a package without package-info.java
        }
    }

    /** Public, as are all the types around it. */
    private static boolean isVisible(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && !type.getSimpleName().equals("package-info")
                && !type.getSimpleName().equals("module-info")
                && type.getEnclosingClass().map(PublicTypesTest::isVisible).orElse(true);
    }

    private static boolean isClosed(JavaClass type) {
        return type.isInterface()
                || type.isEnum()
                || type.getModifiers().contains(JavaModifier.FINAL)
                || type.reflect().isSealed()
                || (type.getPackageName().equals("org.corestack.testkit")
                        && type.getModifiers().contains(JavaModifier.ABSTRACT));
    }
}
