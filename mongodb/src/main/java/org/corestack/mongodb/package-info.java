/** The MongoDB engine: found by its URI schemes, it has no API of its own. */
@NullMarked
package org.corestack.mongodb;

import org.jspecify.annotations.NullMarked;
