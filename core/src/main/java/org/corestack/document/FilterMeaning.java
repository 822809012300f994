package org.corestack.document;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.corestack.document.FieldPath.Root;
import org.corestack.document.Filter.And;
import org.corestack.document.Filter.Any;
import org.corestack.document.Filter.Compare;
import org.corestack.document.Filter.Exists;
import org.corestack.document.Filter.In;
import org.corestack.document.Filter.Not;
import org.corestack.document.Filter.Operator;
import org.corestack.document.Filter.Or;
import org.corestack.document.Filter.Prefix;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/** What filters mean, in memory, and what they may be made of. */
final class FilterMeaning {
    private FilterMeaning() {}

    static boolean matches(Filter filter, Key key, Document document) {
        return matches(filter, key, (Object) document);
    }

    /** Whether a value is meant: the document, or the element of a list, for which there is no key. */
    private static boolean matches(Filter filter, @Nullable Key key, @Nullable Object value) {
        if (filter instanceof Compare compare) {
            return equalsOrCompares(compare.path(), compare.operator(), compare.value(), key, value);
        }
        if (filter instanceof And and) {
            return and.parts().stream().allMatch(part -> matches(part, key, value));
        }
        if (filter instanceof Or or) {
            return or.parts().stream().anyMatch(part -> matches(part, key, value));
        }
        if (filter instanceof Not not) {
            return !matches(not.part(), key, value);
        }
        if (filter instanceof In in) {
            return in.values().stream()
                    .anyMatch(wanted -> equalsOrCompares(in.path(), Operator.EQ, wanted, key, value));
        }
        return matchesContent(filter, key, value);
    }

    private static boolean matchesContent(Filter filter, @Nullable Key key, @Nullable Object value) {
        if (filter instanceof Exists exists) {
            return exists.path().isPresent(root(exists.path(), key, value));
        }
        if (filter instanceof Prefix prefix) {
            return prefix.path().read(root(prefix.path(), key, value)) instanceof String text
                    && text.startsWith(prefix.prefix());
        }
        Any any = (Any) filter;
        return any.path().read(root(any.path(), key, value)) instanceof List<?> list
                && list.stream().anyMatch(element -> matches(any.element(), null, element));
    }

    private static boolean equalsOrCompares(
            FieldPath path, Operator operator, @Nullable Object wanted, @Nullable Key key, @Nullable Object value) {
        if (path.isWholeKey() && operator == Operator.EQ) {
            return wanted != null && key != null && Key.of(wanted).equals(key);
        }
        Object actual = path.read(root(path, key, value));
        if (wanted == null || actual == null) {
            return wanted == null && actual == null;
        }
        Integer sign = Values.compareWithinClass(actual, wanted);
        return sign != null && operator.accepts(sign);
    }

    private static @Nullable Object root(FieldPath path, @Nullable Key key, @Nullable Object value) {
        if (path.root() == Root.KEY) {
            return key == null ? null : key.value();
        }
        return value;
    }

    /** A value to compare with, in normal form. */
    static @Nullable Object normalize(FieldPath path, @Nullable Object value) {
        if (path.isWholeKey()) {
            if (value == null) {
                throw new CoreException(
                        ErrorCode.INVALID_ARGUMENT, "the filter on the key compares with null; no key is null");
            }
            return Key.of(value).value();
        }
        Object normal = Values.normalize(value, "the filter on " + path, 1);
        ValueType type = ValueType.of(normal);
        if (type == ValueType.LIST || type == ValueType.DOCUMENT) {
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the filter on " + path + " compares with a " + type + "; it must be a scalar or null");
        }
        return normal;
    }

    static List<@Nullable Object> normalizeAll(FieldPath path, List<@Nullable Object> values) {
        List<@Nullable Object> normal = new ArrayList<>(values.size());
        for (Object value : values) {
            normal.add(normalize(path, value));
        }
        return Collections.unmodifiableList(normal);
    }

    /** INVALID_ARGUMENT if a filter on elements speaks of the key. */
    static void checkElement(FieldPath list, Filter element) {
        if (speaksOf(Root.KEY, element)) {
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the filter on the elements of " + list + " speaks of the key; only the filter around it can");
        }
    }

    /** INVALID_ARGUMENT if a filter speaks of an element where there is none. */
    static void checkOfDocuments(Filter filter) {
        if (speaksOf(Root.ELEMENT, filter)) {
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT, "a filter speaks of the element of a list outside of a filter on one");
        }
    }

    /** Whether a filter has a path of the root, apart from those within filters on elements. */
    private static boolean speaksOf(Root root, Filter filter) {
        if (filter instanceof And and) {
            return and.parts().stream().anyMatch(part -> speaksOf(root, part));
        }
        if (filter instanceof Or or) {
            return or.parts().stream().anyMatch(part -> speaksOf(root, part));
        }
        if (filter instanceof Not not) {
            return speaksOf(root, not.part());
        }
        if (filter instanceof Compare compare) {
            return compare.path().root() == root;
        }
        if (filter instanceof In in) {
            return in.path().root() == root;
        }
        if (filter instanceof Exists exists) {
            return exists.path().root() == root;
        }
        return filter instanceof Prefix prefix
                ? prefix.path().root() == root
                : ((Any) filter).path().root() == root;
    }

    /** INVALID_ARGUMENT if what is around these filters would be nested too deep. */
    static void checkDepth(List<Filter> parts) {
        for (Filter part : parts) {
            if (depth(part) >= Filter.MAX_DEPTH) {
                throw new CoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "a filter is nested more than " + Filter.MAX_DEPTH + " levels deep");
            }
        }
    }

    private static int depth(Filter filter) {
        if (filter instanceof And and) {
            return 1 + and.parts().stream().mapToInt(FilterMeaning::depth).max().orElse(0);
        }
        if (filter instanceof Or or) {
            return 1 + or.parts().stream().mapToInt(FilterMeaning::depth).max().orElse(0);
        }
        if (filter instanceof Not not) {
            return 1 + depth(not.part());
        }
        return filter instanceof Any any ? 1 + depth(any.element()) : 1;
    }
}
