package org.corestack.table;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A method reference that names a property, such as {@code Order::status}.
 *
 * <p>It is never called: only the method's name is taken from it, which is what being serializable is for. A
 * lambda such as {@code o -> o.status()} has no such name and is refused.
 *
 * @param <E> the type that has the property
 * @param <V> the property's type
 */
@FunctionalInterface
public interface Accessor<E, V> extends Serializable {
    /** The value of the property; may be null, so that getters that are marked so can be named. */
    @Nullable
    V get(E entry);
}
