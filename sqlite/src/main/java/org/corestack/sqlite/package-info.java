/** The embedded engine on SQLite. */
@NullMarked
package org.corestack.sqlite;

import org.jspecify.annotations.NullMarked;
