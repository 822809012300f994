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
 * only values of the same class of type as the one it is given. A list never matches a scalar: only {@link Any} looks
 * into lists. A filter is nested {@value #MAX_DEPTH} levels deep at the most.
 */
public sealed interface Filter {
    /** How deep filters can be nested. */
    int MAX_DEPTH = 50;

    /** The most values that {@link In} takes. */
    int MAX_VALUES = 10_000;

    /** Whether the document of a key is meant. */
    default boolean matches(Key key, Document document) {
        return FilterMeaning.matches(this, key, document);
    }

    /**
     * This filter, as one of whole documents.
     *
     * @throws CoreException INVALID_ARGUMENT if it speaks of an element of a list outside of {@link Any}
     */
    default Filter ofDocuments() {
        FilterMeaning.checkOfDocuments(this);
        return this;
    }

    /** The filter that means every document. */
    static Filter all() {
        return new And(List.of());
    }

    /** The filter that means no document. */
    static Filter none() {
        return new Or(List.of());
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

    /** The filter that means what this one or another means. */
    default Filter or(Filter other) {
        List<Filter> parts = new ArrayList<>();
        for (Filter filter : List.of(this, other)) {
            if (filter instanceof Or or) {
                parts.addAll(or.parts());
            } else {
                parts.add(filter);
            }
        }
        return parts.size() == 1 ? parts.get(0) : new Or(parts);
    }

    /** The filter that means all that this one does not mean: every document is meant by exactly one of the two. */
    default Filter not() {
        return this instanceof Not not ? not.part() : new Not(this);
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
     * Compares the value at a path with a scalar, or the key with a key.
     *
     * @param value a scalar; or, with EQ, null, which matches a missing field too; with {@link FieldPath#key()} what
     *     {@link Key#of} takes, a record only with EQ
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
            value = FilterMeaning.normalize(path, value);
            if (value == null && operator != Operator.EQ) {
                throw new CoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the filter on " + path + " orders by null; only EQ can compare with null");
            }
            if (value instanceof Document && operator != Operator.EQ) {
                throw new CoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the filter on " + path + " orders by a record; order by its components");
            }
        }

        @Override
        public String toString() {
            return path + " " + operator.symbol() + " " + value;
        }
    }

    /**
     * The value at a path equals one of several; with none of them, no document is meant.
     *
     * @param values each as {@link Compare} takes it with EQ; {@value Filter#MAX_VALUES} at the most
     */
    record In(FieldPath path, List<@Nullable Object> values) implements Filter {
        /**
         * Checks, copies, and brings the values into normal form.
         *
         * @throws CoreException INVALID_ARGUMENT as {@link Compare}, or if there are too many
         */
        public In {
            if (values.size() > MAX_VALUES) {
                throw new CoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the filter on " + path + " has " + values.size() + " values; at most " + MAX_VALUES
                                + " are allowed");
            }
            values = FilterMeaning.normalizeAll(path, values);
        }
    }

    /**
     * There is a value at the path, be it null.
     *
     * @param path where
     */
    record Exists(FieldPath path) implements Filter {}

    /**
     * The value at the path is a string that begins with a text.
     *
     * @param path where
     * @param prefix how it begins; empty for every string
     */
    record Prefix(FieldPath path, String prefix) implements Filter {
        /**
         * Checks.
         *
         * @throws CoreException INVALID_ARGUMENT if the text can't stand in a document
         */
        public Prefix {
            prefix = Values.checkText(prefix, "the prefix on " + path);
        }
    }

    /**
     * The value at the path is a list, and some element of it is meant by a filter: {@link FieldPath#element()} is the
     * element, other paths begin at an element that is a document.
     *
     * @param path where the list is
     * @param element what an element must be; it can't speak of the key
     */
    record Any(FieldPath path, Filter element) implements Filter {
        /**
         * Checks.
         *
         * @throws CoreException INVALID_ARGUMENT if the inner filter speaks of the key, or is nested too deep
         */
        public Any {
            FilterMeaning.checkElement(path, element);
            FilterMeaning.checkDepth(List.of(element));
        }
    }

    /**
     * What a filter does not mean.
     *
     * @param part the filter
     */
    record Not(Filter part) implements Filter {
        /**
         * Checks.
         *
         * @throws CoreException INVALID_ARGUMENT if it is nested too deep
         */
        public Not {
            FilterMeaning.checkDepth(List.of(part));
        }
    }

    /**
     * All of several filters; with none, every document.
     *
     * @param parts the filters, none of them an {@code And} when made by {@link Filter#and}
     */
    record And(List<Filter> parts) implements Filter {
        /**
         * Checks and copies.
         *
         * @throws CoreException INVALID_ARGUMENT if it is nested too deep
         */
        public And {
            parts = List.copyOf(parts);
            FilterMeaning.checkDepth(parts);
        }
    }

    /**
     * One of several filters; with none, no document.
     *
     * @param parts the filters, none of them an {@code Or} when made by {@link Filter#or}
     */
    record Or(List<Filter> parts) implements Filter {
        /**
         * Checks and copies.
         *
         * @throws CoreException INVALID_ARGUMENT if it is nested too deep
         */
        public Or {
            parts = List.copyOf(parts);
            FilterMeaning.checkDepth(parts);
        }
    }
}
