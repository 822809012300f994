/**
 * Controllers: bring the world in line with one key at a time, again and again, until it agrees.
 *
 * <p>A {@link org.corestack.reconcile.Controller} takes keys from {@link org.corestack.reconcile.KeySource}s, lets a
 * {@link org.corestack.reconcile.Reconciler} work on each, never on one twice at once, and retries what fails. The
 * package knows keys and knows no store.
 */
@NullMarked
package org.corestack.reconcile;

import org.jspecify.annotations.NullMarked;
