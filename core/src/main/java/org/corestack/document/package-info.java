/** Documents, filters, sorts, patches, changes and positions, and what they mean in memory. */
@NullMarked
package org.corestack.document;

import org.jspecify.annotations.NullMarked;
