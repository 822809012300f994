/** Tables of the user's own types, on a store. */
@NullMarked
package org.corestack.table;

import org.jspecify.annotations.NullMarked;
