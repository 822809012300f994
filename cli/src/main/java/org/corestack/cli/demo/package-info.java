/** {@code corestack demo}: starts replicas as processes, lets one die, and proves that nothing was lost. */
@NullMarked
package org.corestack.cli.demo;

import org.jspecify.annotations.NullMarked;
