/** Programs to read and to run. */
@NullMarked
package org.corestack.examples;

import org.jspecify.annotations.NullMarked;
