/**
 * Stores: the façade over an engine. Start at {@link org.corestack.store.StoreClient#open(String)}.
 */
@NullMarked
package org.corestack.store;

import org.jspecify.annotations.NullMarked;
