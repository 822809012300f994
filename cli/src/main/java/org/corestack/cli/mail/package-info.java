/** {@code corestack mail}: sends messages. */
@NullMarked
package org.corestack.cli.mail;

import org.jspecify.annotations.NullMarked;
