/**
 * An engine in memory, as plain as the meaning of each operation allows: the contract is tested on it, and the façade
 * under the faults that it can be told to have.
 */
@NullMarked
package org.corestack.testkit.reference;

import org.jspecify.annotations.NullMarked;
