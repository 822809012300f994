/** One replica of the demo's service, as a process of its own: two controllers over one store. */
@NullMarked
package org.corestack.cli.demo.replica;

import org.jspecify.annotations.NullMarked;
