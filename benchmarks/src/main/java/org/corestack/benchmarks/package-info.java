/** Measurements of the library, each beside the same work done by hand in the same run. */
@NullMarked
package org.corestack.benchmarks;

import org.jspecify.annotations.NullMarked;
