package org.corestack.cli.replicate;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.store.Store;
import org.corestack.store.StoreCollection;

/**
 * Where the copies in a store have come to: a collection of the target's store, beside the copies, so that the two are
 * lost or kept together. A row for each collection.
 */
final class Ledger {
    /** The name of the collection, which is never copied itself. */
    static final String NAME = "corestack-replicate";

    private final StoreCollection rows;
    private final String from;

    /**
     * A ledger.
     *
     * @param to the target's store
     * @param from the source's URI without secrets
     */
    Ledger(Store to, String from) {
        this.rows = to.collection(NAME);
        this.from = from;
    }

    /** How far a copy is. */
    enum Phase {
        /** The list is being written into a copy that was empty. */
        LIST,
        /** The list is being compared with what the copy holds. */
        COMPARE,
        /** The list is written; the changes since are. */
        FEED,
        /** All is written and was verified. */
        DONE
    }

    /**
     * What is known of a copy.
     *
     * @param from the source's URI without secrets
     * @param phase how far it is
     * @param position in the source's feed, from where the changes are not written yet
     */
    record Row(String from, Phase phase, Position position) {}

    /** What is known of a collection's copy; empty if it was never begun. */
    Optional<Row> find(String collection) {
        return rows.find(Key.of(collection))
                .map(row -> new Row(
                        text(row.document(), "from"),
                        Phase.valueOf(text(row.document(), "phase").toUpperCase(Locale.ROOT)),
                        new Position(text(row.document(), "position"))));
    }

    /** Saves how far a copy has come; before, all that lies behind the position has to be confirmed. */
    void save(String collection, Phase phase, Position position) {
        Document row = Document.builder()
                .put("from", from)
                .put("phase", phase.name().toLowerCase(Locale.ROOT))
                .put("position", position.text())
                .build();
        rows.upsert(Key.of(collection), row, Set.of());
    }

    private static String text(Document row, String field) {
        return String.valueOf(row.get(field));
    }
}
