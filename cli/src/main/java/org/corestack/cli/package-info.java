/** The command line. */
@NullMarked
package org.corestack.cli;

import org.jspecify.annotations.NullMarked;
