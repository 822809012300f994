package org.corestack.table;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Position;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.StoreCollection;
import org.jspecify.annotations.Nullable;

/**
 * Writes events as documents of a collection, one for each change: its key is made of what identifies the change, and a
 * document that is there already is left. So what is written again after a crash is there once.
 */
final class TrailSink implements EventSink {
    private static final long SAVE_NANOS = 1_000_000_000;

    private final StoreCollection trail;
    private final StoreCollection positions;
    private final Key row;
    private @Nullable Position unsaved; // guarded by this
    private long savedAt; // guarded by this

    /**
     * A sink.
     *
     * @param positions where it is kept how far the trail has come
     * @param path of what the events are
     */
    TrailSink(StoreCollection trail, StoreCollection positions, String path) {
        this.trail = trail;
        this.positions = positions;
        this.row = Key.of(Document.of("trail", trail.name(), "of", path));
    }

    /** Lets the trail's documents go when their changes are older than this. */
    void retain(Duration retention) {
        trail.ensureIndex(Index.on(FieldPath.of("time")).expiring(retention).named("retention"));
    }

    /** Up to where the trail is written; empty if it was never begun. */
    Optional<Position> saved() {
        return positions
                .find(row)
                .map(found -> new Position(String.valueOf(found.document().get("position"))));
    }

    /** Saves that the trail is written up to a position. */
    synchronized void save(Position position) {
        positions.upsert(row, Document.of("position", position.text()), Set.of());
        unsaved = null;
        savedAt = System.nanoTime();
    }

    @Override
    public synchronized void write(Event event) {
        Key key = key(event);
        try {
            trail.insert(key, document(event));
        } catch (CoreException e) {
            // Not if it is a unique index of somebody's that forbids the event.
            if (e.code() != ErrorCode.ALREADY_EXISTS || trail.find(key).isEmpty()) {
                throw e;
            }
        }
        unsaved = event.position();
        saveNowAndThen();
    }

    @Override
    public synchronized void reached(Position position) {
        unsaved = position;
        saveNowAndThen();
    }

    private void saveNowAndThen() {
        Position position = unsaved;
        if (position != null && System.nanoTime() - savedAt > SAVE_NANOS) {
            save(position);
        }
    }

    /** Saves what is not saved yet. */
    synchronized void flush() {
        Position position = unsaved;
        if (position != null) {
            save(position);
        }
    }

    /** By the version first, so that the list of a trail is in the order of versions. */
    private static Key key(Event event) {
        MessageDigest digest = sha256();
        digest.update(event.path().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(event.key().toBytes());
        if (event.version() == 0) { // another system's: its place is what tells the change from others
            digest.update(event.position().text().getBytes(StandardCharsets.UTF_8));
        }
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return Key.of(Document.of("version", event.version(), "of", new UUID(hash.getLong(), hash.getLong())));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Document document(Event event) {
        try {
            return document(event, true);
        } catch (CoreException e) {
            return document(event, false); // with its documents it would be larger, or deeper, than a document can be
        }
    }

    private static Document document(Event event, boolean whole) {
        Document.Builder document = Document.builder()
                .put("of", event.path())
                .put("key", event.key().value())
                .put("operation", event.operation().name().toLowerCase(Locale.ROOT))
                .put("version", event.version())
                .put("time", event.time())
                .put("position", event.position().text());
        if (event.source() != null) {
            document.put("source", event.source());
        }
        if (event.text() != null) {
            document.put("text", event.text());
        }
        if (event.unreadable() || !whole) {
            document.put("leftOut", event.unreadable() ? "it does not fit the type" : "it is too large");
        }
        if (whole && event.before() != null) {
            document.put("before", event.before());
        }
        if (whole && event.document() != null) {
            document.put("document", event.document());
        }
        return document.build();
    }
}
