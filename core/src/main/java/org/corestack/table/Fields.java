package org.corestack.table;

import java.lang.invoke.MethodType;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.corestack.document.Aggregation.Kind;
import org.corestack.document.FieldPath;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/**
 * Names what filters, patches and sorts speak of; to be imported statically.
 *
 * <pre>{@code
 * orders.findMany(
 *     field(Order::status).eq(Status.NEW).and(field(Order::placed).lt(yesterday)),
 *     sortBy(field(Order::placed)).limit(100));
 * }</pre>
 */
public final class Fields {
    private Fields() {}

    /**
     * The field that a getter or record accessor reads. What it is called in documents the table's mapping says,
     * so that annotations such as {@code @JsonProperty} hold.
     *
     * @param accessor a method reference such as {@code Order::status}; it is not called
     * @throws CoreException INVALID_ARGUMENT if it is a lambda, or the reference of a method with arguments, of a
     *     static method, or of one object's. That the method is a property the table finds out when it is used.
     */
    public static <E, V> Field<E, V> field(Accessor<E, V> accessor) {
        return new Field<>(List.of(AccessorReader.read(Arguments.notNull(accessor, "accessor"))));
    }

    /**
     * The field of a name: the way to fields that the type does not show, such as those of one kind of a sealed
     * type, those within an {@code Optional}, and those that only other programs know.
     *
     * @param name as it stands in documents, or several with dots between: each a letter or underscore, then
     *     letters, digits and underscores. Only the form is checked, not whether the documents have it.
     * @param type the class of the values there
     * @throws CoreException INVALID_ARGUMENT if the name is not allowed
     */
    public static <E, V> Field<E, V> named(String name, Class<V> type) {
        Class<?> wrapper =
                MethodType.methodType(Arguments.notNull(type, "type")).wrap().returnType();
        return new Field<>(List.of(new PathStep.ByName(FieldPath.of(Arguments.notNull(name, "name")), wrapper)));
    }

    /**
     * The items of the list that a getter or record accessor reads: {@code items(Order::lines).any(field(Line::sku)
     * .eq("X"))}, {@code items(Order::tags).contains("x")}.
     *
     * @param accessor a method reference such as {@code Order::lines}; it is not called
     * @throws CoreException INVALID_ARGUMENT as {@link #field}
     */
    public static <E, T> Items<E, T> items(Accessor<E, ? extends Collection<? extends T>> accessor) {
        return new Items<>(new Field<>(List.of(AccessorReader.read(Arguments.notNull(accessor, "accessor")))));
    }

    /**
     * A component of the entries' keys, which are records: {@code key(OrderKey::region).eq("eu")}. That the keys are of
     * the type the table finds out when it is used; the key itself, of whatever type, is {@link Table#key}.
     *
     * @param accessor a method reference such as {@code OrderKey::region}; it is not called
     * @param <E> the type of the entries, which can be any
     * @throws CoreException INVALID_ARGUMENT as {@link #field}
     */
    public static <E, K, V> Field<E, V> key(Accessor<K, V> accessor) {
        return new Field<>(List.of(PathStep.From.KEY, AccessorReader.read(Arguments.notNull(accessor, "accessor"))));
    }

    /** The filter that means every entry. */
    public static <E> EntryFilter<E> all() {
        return new EntryFilter<>(new FilterNode.And(List.of()));
    }

    /**
     * The condition that the entry is still of a version.
     *
     * @param version as {@link Entry#version} gave it
     * @throws CoreException INVALID_ARGUMENT if it is negative
     */
    public static <E> EntryCondition<E> ifVersion(long version) {
        return EntryCondition.version(version);
    }

    /** The condition that the entry is one that a filter means: {@code ifMatches(field(Order::status).eq(Status.NEW))}. */
    public static <E> EntryCondition<E> ifMatches(EntryFilter<E> filter) {
        return EntryCondition.matching(Arguments.notNull(filter, "filter"));
    }

    /** The patch that sets a field to the database's time. */
    public static <E> EntryPatch<E> setServerTime(Field<E, Instant> field) {
        return new EntryPatch<>(new EntryPatch.ServerTime(Arguments.notNull(field, "field")));
    }

    /**
     * The patch that sets a field to the larger of its value plus one and the database's time in milliseconds since 1970:
     * what only grows, and tells about when.
     */
    public static <E> EntryPatch<E> advance(Field<E, Long> field) {
        return new EntryPatch<>(new EntryPatch.Advance(Arguments.notNull(field, "field")));
    }

    /** Ascending by a field; entries without it come together, before or after the others as the engine does. */
    public static <E> EntryOptions<E> sortBy(Field<E, ?> field) {
        return EntryOptions.<E>ofDefaults().thenBy(field);
    }

    /** An index on a field, ascending; {@link EntryIndex#thenBy} adds others. */
    public static <E> EntryIndex<E> index(Field<E, ?> field) {
        return EntryIndex.on(field, null);
    }

    /**
     * An index on a field by which entries are deleted: some time after the instant there is as old as the age.
     *
     * @param age whole seconds, at least one; checked when the table uses it
     */
    public static <E> EntryIndex<E> expiring(Field<E, Instant> field, Duration age) {
        return EntryIndex.on(field, Arguments.notNull(age, "age"));
    }

    /** Begins an aggregation with a figure; {@link EntryAggregation#and} adds others, {@link EntryAggregation#by} groups. */
    public static <E> EntryAggregation<E> measure(EntryMeasure<E, ?> measure) {
        return EntryAggregation.of(measure);
    }

    /** How many entries there are. */
    public static <E> EntryMeasure<E, Long> count() {
        return new EntryMeasure<>(Kind.COUNT, null);
    }

    /**
     * The sum of a field that holds numbers, missing ones counting for nothing: a Long of integers (INVALID_ARGUMENT where
     * it overflows), a BigDecimal where there is a decimal, else a Double.
     */
    public static <E> EntryMeasure<E, Number> sum(Field<E, ? extends Number> field) {
        return new EntryMeasure<>(Kind.SUM, Arguments.notNull(field, "field"));
    }

    /** The smallest value of a field; null where there is none. Refused where the order is lost, see {@link Field#lt}. */
    public static <E, V extends Comparable<? super V>> EntryMeasure<E, @Nullable V> min(Field<E, V> field) {
        return new EntryMeasure<>(Kind.MIN, Arguments.notNull(field, "field"));
    }

    /** The largest value of a field; null where there is none. Refused where the order is lost, see {@link Field#lt}. */
    public static <E, V extends Comparable<? super V>> EntryMeasure<E, @Nullable V> max(Field<E, V> field) {
        return new EntryMeasure<>(Kind.MAX, Arguments.notNull(field, "field"));
    }

    /** The average of a field that holds numbers: a BigDecimal where there is a decimal, else a Double; null of none. */
    public static <E> EntryMeasure<E, @Nullable Number> average(Field<E, ? extends Number> field) {
        return new EntryMeasure<>(Kind.AVERAGE, Arguments.notNull(field, "field"));
    }

    /**
     * In the order of the keys, and not more than some.
     *
     * @throws CoreException INVALID_ARGUMENT if it is not positive
     */
    public static <E> EntryOptions<E> limit(long most) {
        return EntryOptions.<E>ofDefaults().limit(most);
    }
}
