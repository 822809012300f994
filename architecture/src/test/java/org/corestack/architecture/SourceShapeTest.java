package org.corestack.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Reads the sources as the compiler does: files and methods one can read, and words on everything public. */
class SourceShapeTest {
    private static final int MAX_FILE_LINES = 400;
    private static final int MAX_METHOD_LINES = 40;

    private final List<String> undocumented = new ArrayList<>();
    private final List<String> longFiles = new ArrayList<>();
    private final List<String> longMethods = new ArrayList<>();

    @Test
    void filesAreShortAndWhatIsPublicHasWords() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<Path> sources = House.sources();
            assertThat(sources).hasSizeGreaterThan(10);
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            DocTrees trees = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                new Scanner(unit, trees).scan(unit, null);
            }
        }
        assertThat(undocumented).as("public, and without a word on it").isEmpty();
        assertThat(longFiles).as("files of more than %d lines", MAX_FILE_LINES).isEmpty();
        assertThat(longMethods)
                .as("methods of more than %d lines", MAX_METHOD_LINES)
                .isEmpty();
    }

    private final class Scanner extends TreePathScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final DocTrees trees;
        private final String file;

        Scanner(CompilationUnitTree unit, DocTrees trees) {
            this.unit = unit;
            this.trees = trees;
            this.file = Path.of(unit.getSourceFile().toUri()).getFileName().toString();
        }

        @Override
        public Void visitCompilationUnit(CompilationUnitTree node, Void unused) {
            long lines = line(trees.getSourcePositions().getEndPosition(unit, unit));
            if (lines > MAX_FILE_LINES) {
                longFiles.add(file + ": " + lines);
            }
            return super.visitCompilationUnit(node, null);
        }

        @Override
        public Void visitClass(ClassTree type, Void unused) {
            if (isVisible(getCurrentPath())) {
                requireWords(type.getSimpleName().toString());
            }
            return super.visitClass(type, null);
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            SourcePositions positions = trees.getSourcePositions();
            if (method.getBody() != null) {
                long lines = line(positions.getEndPosition(unit, method.getBody()))
                        - line(positions.getStartPosition(unit, method.getBody()))
                        + 1;
                if (lines > MAX_METHOD_LINES) {
                    longMethods.add(file + " " + method.getName() + ": " + lines);
                }
            }
            if (isVisible(getCurrentPath()) && !overrides(method) && !isCanonicalConstructor(method)) {
                requireWords(method.getName().toString());
            }
            return super.visitMethod(method, null);
        }

        private void requireWords(String name) {
            if (trees.getDocComment(getCurrentPath()) == null) {
                undocumented.add(file + " " + name);
            }
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }

        /** Public or protected, or a member of an interface, in types that are so too. */
        private boolean isVisible(TreePath path) {
            Tree tree = path.getLeaf();
            if (tree instanceof CompilationUnitTree) {
                return true;
            }
            Tree parent = path.getParentPath().getLeaf();
            if (!(parent instanceof ClassTree) && !(parent instanceof CompilationUnitTree)) {
                return false; // a local or anonymous class
            }
            ModifiersTree modifiers =
                    tree instanceof ClassTree type ? type.getModifiers() : ((MethodTree) tree).getModifiers();
            boolean implicit = parent.getKind() == Tree.Kind.INTERFACE
                    && !modifiers.getFlags().contains(Modifier.PRIVATE);
            Set<Modifier> flags = modifiers.getFlags();
            return (implicit || flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED))
                    && isVisible(path.getParentPath());
        }

        private static boolean overrides(MethodTree method) {
            return method.getModifiers().getAnnotations().stream()
                    .anyMatch(annotation ->
                            annotation.getAnnotationType().toString().equals("Override"));
        }

        /** A record's constructor is described by the record's own comment. */
        private boolean isCanonicalConstructor(MethodTree method) {
            return method.getName().contentEquals("<init>")
                    && getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.RECORD;
        }
    }
}
