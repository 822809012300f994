/** How far a command has come, for terminals and for logs. Pure, but for the views, which write to what they are given. */
@NullMarked
package org.corestack.cli.progress;

import org.jspecify.annotations.NullMarked;
