/** The engine on PostgreSQL. */
@NullMarked
package org.corestack.postgresql;

import org.jspecify.annotations.NullMarked;
