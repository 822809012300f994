package org.corestack.document;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What is counted and added up over documents, for all of them or for each group. Immutable; engines translate it, and
 * {@link #of} is its meaning.
 *
 * @param by the paths by whose values the documents are grouped, a missing value and null being one; numbers are the
 *     same by value; for lists and documents nothing is promised. With none, all documents are one group, which is
 *     there also where there is no document
 * @param measures at least one
 */
public record Aggregation(List<FieldPath> by, List<Measure> measures) {
    /**
     * Checks and copies.
     *
     * @throws CoreException INVALID_ARGUMENT if there is no measure, or a path stands there twice or is of an element
     */
    public Aggregation {
        by = List.copyOf(by);
        measures = List.copyOf(measures);
        if (measures.isEmpty()) {
            throw new CoreException(ErrorCode.INVALID_ARGUMENT, "an aggregation needs a measure");
        }
        if (by.stream().distinct().count() < by.size()) {
            throw new CoreException(ErrorCode.INVALID_ARGUMENT, "an aggregation groups by a field twice: " + by);
        }
        by.forEach(path -> path.notOfElement("an aggregation groups by"));
    }

    /** Measures of all documents together. */
    public static Aggregation of(Measure... measures) {
        return new Aggregation(List.of(), List.of(measures));
    }

    /** These measures by groups. */
    public Aggregation groupBy(FieldPath... paths) {
        return new Aggregation(List.of(paths), measures);
    }

    /** The groups of some documents, in no particular order. */
    public List<Group> of(Iterable<StoredDocument> documents) {
        return AggregationMeaning.groups(this, documents);
    }

    /** What a {@link Measure} takes of its documents. */
    public enum Kind {
        /** How many documents there are. */
        COUNT,
        /**
         * The sum of the numbers: a 64 bit integer where all are integers (one that overflows is refused with
         * INVALID_ARGUMENT), a decimal of 34 digits where there is a decimal, else a double. Of none it is 0. The
         * order in which doubles are added is the engine's.
         */
        SUM,
        /** The smallest scalar; null where there is none. Among several classes of type, the engine's order decides. */
        MIN,
        /** The largest scalar; null where there is none. Among several classes of type, the engine's order decides. */
        MAX,
        /** The sum divided by how many numbers there are: a decimal where there is one, else a double; null of none. */
        AVERAGE
    }

    /**
     * One figure of a group. Missing values, and those that are not of the kind's types, count for nothing.
     *
     * @param kind what is taken
     * @param path of which value; null for COUNT alone
     */
    public record Measure(Kind kind, @Nullable FieldPath path) {
        /**
         * Checks.
         *
         * @throws CoreException INVALID_ARGUMENT if a path is missing, there with COUNT, or of an element
         */
        public Measure {
            if ((kind == Kind.COUNT) != (path == null)) {
                throw new CoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the measure " + kind + (path == null ? " needs a path" : " takes no path"));
            }
            if (path != null) {
                path.notOfElement("an aggregation measures");
            }
        }

        /** How many documents there are. */
        public static Measure count() {
            return new Measure(Kind.COUNT, null);
        }

        /** The sum of the numbers at a path. */
        public static Measure sum(FieldPath path) {
            return new Measure(Kind.SUM, path);
        }

        /** The smallest scalar at a path. */
        public static Measure min(FieldPath path) {
            return new Measure(Kind.MIN, path);
        }

        /** The largest scalar at a path. */
        public static Measure max(FieldPath path) {
            return new Measure(Kind.MAX, path);
        }

        /** The average of the numbers at a path. */
        public static Measure average(FieldPath path) {
            return new Measure(Kind.AVERAGE, path);
        }
    }

    /**
     * One group.
     *
     * @param by the values at the paths that were grouped by, in their order; of equal numbers any
     * @param values the measures, in their order
     */
    public record Group(List<@Nullable Object> by, List<@Nullable Object> values) {
        /** Copies. */
        public Group(List<@Nullable Object> by, List<@Nullable Object> values) { // written out for checks of nulls
            this.by = Collections.unmodifiableList(new ArrayList<>(by));
            this.values = Collections.unmodifiableList(new ArrayList<>(values));
        }
    }
}
