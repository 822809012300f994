package org.corestack.table;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.corestack.document.Filter;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/**
 * A part of a filter, not yet in the terms of documents. Printed for people, without values, which may be secret.
 */
sealed interface FilterNode {
    /** The part in the terms of documents; INVALID_ARGUMENT if it does not fit them. */
    Filter toFilter(FieldResolver fields);

    /** Compares a field with a value. */
    record Compare(
            Field<?, ?> field,
            Filter.Operator operator,
            @Nullable Object value) implements FilterNode {
        @Override
        public Filter toFilter(FieldResolver fields) {
            ResolvedField resolved = fields.resolve(field);
            if (operator != Filter.Operator.EQ) {
                resolved.ordered();
            }
            return Filter.compare(resolved.path(), operator, resolved.write(value));
        }

        @Override
        public String toString() {
            return field + " " + operator.symbol() + " …";
        }
    }

    /** A field equals one of some values. */
    record In(Field<?, ?> field, List<@Nullable Object> values) implements FilterNode {
        @Override
        public Filter toFilter(FieldResolver fields) {
            ResolvedField resolved = fields.resolve(field);
            List<@Nullable Object> kept = new ArrayList<>();
            for (Object value : values) {
                kept.add(resolved.write(value));
            }
            return new Filter.In(resolved.path(), kept);
        }

        @Override
        public String toString() {
            return field + " in …";
        }
    }

    /** A field is there. */
    record Exists(Field<?, ?> field) implements FilterNode {
        @Override
        public Filter toFilter(FieldResolver fields) {
            return new Filter.Exists(fields.resolve(field).path());
        }

        @Override
        public String toString() {
            return field + " exists";
        }
    }

    /** A text begins with another. */
    record StartsWith(Field<?, ?> field, String prefix) implements FilterNode {
        @Override
        public Filter toFilter(FieldResolver fields) {
            ResolvedField resolved = fields.resolve(field);
            if (resolved.write(prefix) instanceof String kept) {
                return new Filter.Prefix(resolved.path(), kept);
            }
            throw CoreException.invalidArgument(
                    "the field " + field + " can't be asked how it starts: its values are not kept as texts");
        }

        @Override
        public String toString() {
            return field + " starts with …";
        }
    }

    /** Some item of a list is meant by a filter of items. */
    record AnyItem(Field<?, ?> list, FilterNode item) implements FilterNode {
        @Override
        public Filter toFilter(FieldResolver fields) {
            ResolvedField resolved = fields.resolve(list);
            return new Filter.Any(resolved.path(), item.toFilter(fields.ofItems(resolved)));
        }

        @Override
        public String toString() {
            return list + " any (" + item + ")";
        }
    }

    /** All of several. */
    record And(List<FilterNode> parts) implements FilterNode {
        @Override
        public Filter toFilter(FieldResolver fields) {
            return parts.stream()
                    .map(part -> part.toFilter(fields))
                    .reduce(Filter::and)
                    .orElse(Filter.all());
        }

        @Override
        public String toString() {
            return parts.isEmpty() ? "all" : joined(parts, " and ");
        }
    }

    /** One of several. */
    record Or(List<FilterNode> parts) implements FilterNode {
        @Override
        public Filter toFilter(FieldResolver fields) {
            return parts.stream()
                    .map(part -> part.toFilter(fields))
                    .reduce(Filter::or)
                    .orElse(Filter.none());
        }

        @Override
        public String toString() {
            return joined(parts, " or ");
        }
    }

    /** What another does not mean. */
    record Not(FilterNode part) implements FilterNode {
        @Override
        public Filter toFilter(FieldResolver fields) {
            return part.toFilter(fields).not();
        }

        @Override
        public String toString() {
            return "not (" + part + ")";
        }
    }

    private static String joined(List<FilterNode> parts, String word) {
        return parts.stream()
                .map(part -> part instanceof And || part instanceof Or ? "(" + part + ")" : part.toString())
                .collect(Collectors.joining(word));
    }
}
