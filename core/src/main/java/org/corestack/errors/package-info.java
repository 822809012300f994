/** One exception and its codes, the same for every engine. */
@NullMarked
package org.corestack.errors;

import org.jspecify.annotations.NullMarked;
