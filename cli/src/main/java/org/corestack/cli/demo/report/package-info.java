/** What the demo shows while it runs and at its end. Pure, but for the views, which write to what they are given. */
@NullMarked
package org.corestack.cli.demo.report;

import org.jspecify.annotations.NullMarked;
