package org.corestack.mongodb;

import java.util.Locale;
import java.util.UUID;
import org.corestack.document.Write;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.WriteResult;
import org.corestack.store.spi.WriteResult.Status;

/**
 * Writes single documents: one command each, whose filter holds the condition. What the filter keeps out is looked at
 * to say why, and worked out here where the server would have done something else.
 */
final class DocumentWriter {
    private final Link link;
    private final CollectionName name;
    private final CollectionIdentity identity;

    DocumentWriter(Link link, CollectionName name, CollectionIdentity identity) {
        this.link = link;
        this.name = name;
        this.identity = identity;
    }

    WriteResult write(Write write, Deadline deadline) {
        Doing doing = doing(name, write);
        return link.run(doing, deadline, call -> {
            UUID collection = creates(write) ? identity.make(call) : identity.find(call);
            if (collection == null) {
                return WriteResult.refused(Status.NOT_FOUND);
            }
            WriteResult result = null;
            while (result == null) {
                deadline.check(doing.toString());
                result = new Attempt(link, name, call, collection).write(write);
            }
            return result;
        });
    }

    /** What is being done, for messages. */
    static Doing doing(CollectionName name, Write write) {
        return Doing.write(verb(write), name, write.key());
    }

    /** Whether a write can make a document, and so the collection too. */
    static boolean creates(Write write) {
        return write instanceof Write.Insert || write instanceof Write.Upsert;
    }

    /** As the user calls it. */
    private static String verb(Write write) {
        if (write instanceof Write.Merge) {
            return "update";
        }
        return write instanceof Write.Apply
                ? "patch"
                : write.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}
