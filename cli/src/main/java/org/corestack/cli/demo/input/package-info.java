/** Reads the user's own records, and says in which line what is wrong. Knows no store and no process. */
@NullMarked
package org.corestack.cli.demo.input;

import org.jspecify.annotations.NullMarked;
