/** What the demo shows at its end. Pure. */
@NullMarked
package org.corestack.cli.demo.report;

import org.jspecify.annotations.NullMarked;
