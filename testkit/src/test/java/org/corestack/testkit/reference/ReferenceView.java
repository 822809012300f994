package org.corestack.testkit.reference;

import java.util.List;
import java.util.Optional;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.WriteResult;

/** Where the operations of a collection take place: in the database at once, or within a transaction. */
interface ReferenceView {
    /** Returns if an operation may go ahead. */
    void begin(String what, Deadline deadline);

    WriteResult write(String collection, Write write);

    Optional<StoredDocument> find(String collection, Key key);

    /** All documents, in the order of their keys. */
    List<StoredDocument> all(String collection);
}
