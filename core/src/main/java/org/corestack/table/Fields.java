package org.corestack.table;

import java.lang.invoke.MethodType;
import java.util.List;
import org.corestack.document.FieldPath;
import org.corestack.errors.CoreException;

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

    /** The filter that means every entry. */
    public static <E> EntryFilter<E> all() {
        return new EntryFilter<>(List.of());
    }

    /** Ascending by a field; entries without it come together, before or after the others as the engine does. */
    public static <E> EntryOptions<E> sortBy(Field<E, ?> field) {
        return EntryOptions.<E>ofDefaults().thenBy(field);
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
