/** Contracts that engines run, and tools for tests. */
@NullMarked
package org.corestack.testkit;

import org.jspecify.annotations.NullMarked;
