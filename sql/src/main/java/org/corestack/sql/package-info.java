/** What the SQL engines share. */
@NullMarked
package org.corestack.sql;

import org.jspecify.annotations.NullMarked;
