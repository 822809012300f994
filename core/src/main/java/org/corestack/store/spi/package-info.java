/**
 * What an engine implements: narrow, semantic operations on documents.
 *
 * <p>An engine is found by {@link java.util.ServiceLoader} as an {@link EngineProvider}. Names are checked
 * and documents within limits before they reach it; it translates its native errors into
 * {@link org.corestack.errors.CoreException} at one place. The testkit's store contract says in tests what
 * each operation must do. This interface may still change.
 */
@NullMarked
package org.corestack.store.spi;

import org.jspecify.annotations.NullMarked;
