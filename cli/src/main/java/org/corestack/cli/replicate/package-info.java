/** {@code corestack replicate}: copies stores from one database to another, and keeps the copy up to date. */
@NullMarked
package org.corestack.cli.replicate;

import org.jspecify.annotations.NullMarked;
