package org.corestack.table;

import org.corestack.document.Position;

/** Where events are written. */
interface EventSink {
    /** Writes an event; what was written before already is not written again. */
    void write(Event event);

    /** All up to a position has been written. */
    void reached(Position position);
}
