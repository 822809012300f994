package org.corestack.sql;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.corestack.document.Document;
import org.jspecify.annotations.Nullable;

/**
 * Which small integers of a document are 64 bit ones: what JSON alone would lose.
 *
 * <p>A tree beside the document: {@value #ALL} where all small integers beneath are 64 bit ones, a map from
 * names (or list indexes) to trees where only some are, null where none is.
 */
final class Longs {
    static final String ALL = "*";

    /** What stands for "only 32 bit integers here" while the tree is made. */
    private static final String NONE = "";

    private Longs() {}

    static @Nullable Object of(Document document) {
        Object tree = ofValue(document);
        return NONE.equals(tree) ? null : tree;
    }

    /** The trees of those fields that have 64 bit integers in them. */
    static Map<String, Object> ofFields(Document document) {
        Map<String, Object> trees = new LinkedHashMap<>();
        document.asMap().forEach((name, value) -> {
            Object tree = ofValue(value);
            if (tree != null && !NONE.equals(tree)) {
                trees.put(name, tree);
            }
        });
        return trees;
    }

    /** Whether no small integer in it is a 32 bit one. */
    static boolean areAll(Document document) {
        Object tree = ofValue(document);
        return tree == null || ALL.equals(tree);
    }

    /** The tree of a value; null if there is no small integer in it at all. */
    private static @Nullable Object ofValue(@Nullable Object value) {
        if (value instanceof Integer) {
            return NONE;
        }
        if (value instanceof Long number) {
            return number.intValue() == number ? ALL : null;
        }
        if (value instanceof Document document) {
            Collector collector = new Collector();
            document.asMap().forEach((name, inner) -> collector.add(name, ofValue(inner)));
            return collector.tree();
        }
        if (value instanceof List<?> list) {
            Collector collector = new Collector();
            int index = 0;
            for (Object element : list) {
                collector.add(String.valueOf(index++), ofValue(element));
            }
            return collector.tree();
        }
        return null;
    }

    /** The tree for what stands under a name or index of a tree. */
    static @Nullable Object beneath(@Nullable Object tree, String name) {
        return tree instanceof Map<?, ?> map ? map.get(name) : tree;
    }

    private static final class Collector {
        private final Map<String, Object> trees = new LinkedHashMap<>();
        private boolean mixed;
        private boolean ints;

        void add(String name, @Nullable Object tree) {
            if (NONE.equals(tree)) {
                ints = true;
            } else if (tree != null) {
                mixed |= tree instanceof Map;
                trees.put(name, tree);
            }
        }

        @Nullable
        Object tree() {
            if (trees.isEmpty()) {
                return ints ? NONE : null;
            }
            return mixed || ints ? trees : ALL;
        }
    }
}
