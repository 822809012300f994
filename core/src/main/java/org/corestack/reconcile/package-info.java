/** Controllers: bring the world in line with one key at a time. Knows keys, knows no store. */
@NullMarked
package org.corestack.reconcile;

import org.jspecify.annotations.NullMarked;
