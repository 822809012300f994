package org.corestack.cli.replicate;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.corestack.document.StoredDocument;

/** Cuts lists into batches that fit into memory, however large the documents are. */
final class Batches {
    /** The most documents of a batch. */
    static final int MOST = 1_000;

    private static final long MOST_BYTES = 4L << 20;

    private Batches() {}

    /** Gives all documents in batches, none of which is empty. */
    static void documents(Iterator<StoredDocument> documents, Consumer<List<StoredDocument>> taker) {
        List<StoredDocument> batch = new ArrayList<>();
        long bytes = 0;
        while (documents.hasNext()) {
            StoredDocument document = documents.next();
            batch.add(document);
            bytes += document.document().size();
            if (batch.size() == MOST || bytes >= MOST_BYTES) {
                taker.accept(batch);
                batch = new ArrayList<>();
                bytes = 0;
            }
        }
        if (!batch.isEmpty()) {
            taker.accept(batch);
        }
    }

    /** Gives all elements in batches, none of which is empty; closes the stream. */
    static <T> void small(Stream<T> elements, Consumer<List<T>> taker) {
        try (elements) {
            List<T> batch = new ArrayList<>();
            for (Iterator<T> left = elements.iterator(); left.hasNext(); ) {
                batch.add(left.next());
                if (batch.size() == MOST) {
                    taker.accept(batch);
                    batch = new ArrayList<>();
                }
            }
            if (!batch.isEmpty()) {
                taker.accept(batch);
            }
        }
    }
}
