package org.corestack.mongodb;

import java.util.List;
import org.corestack.document.Write;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.WriteResult;

/** Writes documents of a collection, as {@link org.corestack.store.spi.EngineCollection} says. */
interface Writes {
    WriteResult write(Write write, Deadline deadline);

    List<WriteResult> writeAll(List<Write> several, Deadline deadline);
}
