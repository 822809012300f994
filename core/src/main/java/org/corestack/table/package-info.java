/**
 * Tables: the user's own types, kept as documents of a collection. Start at
 * {@link org.corestack.table.Table#open}; {@link org.corestack.table.Fields} names what filters, patches and
 * sorts speak of.
 */
@NullMarked
package org.corestack.table;

import org.jspecify.annotations.NullMarked;
