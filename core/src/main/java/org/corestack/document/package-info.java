/**
 * Documents, keys, filters, sorts, patches and changes: neutral values and their meaning in memory.
 *
 * <p>Nothing here touches a database. Engines translate these values; where a translation is in doubt,
 * what the code here does is right.
 */
@NullMarked
package org.corestack.document;

import org.jspecify.annotations.NullMarked;
