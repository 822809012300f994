package org.corestack.table;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the values of a field are kept in documents. What Jackson or the user's own code has to say is thrown as they throw
 * it.
 *
 * @param writing the form that documents hold of a value
 * @param reading the value that such a form stands for
 */
record ValueForm(Function<Object, @Nullable Object> writing, Function<Object, @Nullable Object> reading) {}
