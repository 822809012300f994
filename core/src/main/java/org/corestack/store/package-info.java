/** Clients, stores and collections of documents over any engine. */
@NullMarked
package org.corestack.store;

import org.jspecify.annotations.NullMarked;
