/** What an engine implements. */
@NullMarked
package org.corestack.store.spi;

import org.jspecify.annotations.NullMarked;
