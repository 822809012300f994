package org.corestack.document;

import java.util.ArrayList;
import java.util.List;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Which documents are meant. Immutable; engines translate it, and {@link #matches} is its meaning.
 *
 * <p>Numbers compare by value whatever their type, strings by code point. An order comparison matches
 * only values of the same class of type as the one it is given. A list never matches a scalar.
 */
public sealed interface Filter {
    /** Whether the document is meant. */
    boolean matches(Document document);

    /** The filter that means every document. */
    static Filter all() {
        return new And(List.of());
    }

    /**
     * A comparison of the value at a path.
     *
     * @throws CoreException INVALID_ARGUMENT as {@link Compare}
     */
    static Filter compare(FieldPath path, Operator operator, @Nullable Object value) {
        return new Compare(path, operator, value);
    }

    /** The filter that means what both this one and another mean. */
    default Filter and(Filter other) {
        List<Filter> parts = new ArrayList<>();
        for (Filter filter : List.of(this, other)) {
            if (filter instanceof And and) {
                parts.addAll(and.parts());
            } else {
                parts.add(filter);
            }
        }
        return parts.size() == 1 ? parts.get(0) : new And(parts);
    }

    /** How {@link Compare} compares. */
    enum Operator {
        /** Equal. */
        EQ("="),
        /** Less than. */
        LT("<"),
        /** Less than or equal. */
        LTE("<="),
        /** Greater than. */
        GT(">"),
        /** Greater than or equal. */
        GTE(">=");

        private final String symbol;

        Operator(String symbol) {
            this.symbol = symbol;
        }

        /** The usual sign: {@code =}, {@code <} and so on. */
        public String symbol() {
            return symbol;
        }

        /** Whether the sign of a comparison, document's value against the filter's, satisfies the operator. */
        boolean accepts(int sign) {
            return switch (this) {
                case EQ -> sign == 0;
                case LT -> sign < 0;
                case LTE -> sign <= 0;
                case GT -> sign > 0;
                case GTE -> sign >= 0;
            };
        }
    }

    /**
     * Compares the value at a path with a scalar.
     *
     * @param value a scalar; or, with EQ, null, which matches a missing field too
     */
    record Compare(
            FieldPath path, Operator operator, @Nullable Object value) implements Filter {
        /**
         * Checks, and brings the value into normal form.
         *
         * @throws CoreException INVALID_ARGUMENT if the value is a list or document, null with an order
         *     comparison, or can't be kept in a document
         */
        public Compare {
            value = Values.normalize(value, "the filter on " + path, 1);
            ValueType type = ValueType.of(value);
            if (type == ValueType.LIST || type == ValueType.DOCUMENT) {
                throw new CoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the filter on " + path + " compares with a " + type + "; it must be a scalar or null");
            }
            if (value == null && operator != Operator.EQ) {
                throw new CoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the filter on " + path + " orders by null; only EQ can compare with null");
            }
        }

        @Override
        public boolean matches(Document document) {
            Object actual = path.read(document);
            if (value == null || actual == null) {
                return value == null && actual == null;
            }
            Integer sign = Values.compareWithinClass(actual, value);
            return sign != null && operator.accepts(sign);
        }

        @Override
        public String toString() {
            return path + " " + operator.symbol() + " " + value;
        }
    }

    /**
     * All of several filters; with none, every document.
     *
     * @param parts the filters, none of them an {@code And} when made by {@link Filter#and}
     */
    record And(List<Filter> parts) implements Filter {
        /** Copies. */
        public And {
            parts = List.copyOf(parts);
        }

        @Override
        public boolean matches(Document document) {
            return parts.stream().allMatch(part -> part.matches(document));
        }
    }
}
