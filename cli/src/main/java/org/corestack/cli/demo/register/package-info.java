/**
 * The look-alike register: what is known about a text, which texts look alike, and the proof that tables hold
 * just that. Pure: it knows no store, no process and no clock.
 */
@NullMarked
package org.corestack.cli.demo.register;

import org.jspecify.annotations.NullMarked;
