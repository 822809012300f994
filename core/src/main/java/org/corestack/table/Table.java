package org.corestack.table;

import static org.corestack.table.Arguments.notNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.reconcile.KeySink;
import org.corestack.reconcile.KeySource;
import org.corestack.reconcile.KeySubscription;
import org.corestack.reconcile.Keys;
import org.corestack.reconcile.ReconcileContext;
import org.corestack.store.Store;
import org.corestack.store.StoreCollection;
import org.corestack.store.Watch;
import org.corestack.store.WatchOptions;
import org.jspecify.annotations.Nullable;

/**
 * A collection whose keys and documents are the user's own types. Thread-safe; holds nothing that needs closing.
 *
 * <p>Keys are strings, integers, booleans, UUIDs, instants, enums, bytes, or records of these, whose components and
 * their order are part of a key's identity. Entries are what Jackson can write as an object: records, classes, sealed
 * types (told apart by a field {@code _type}); instants, UUIDs, decimals, bytes and integers keep their types. A null
 * or empty Optional property is not stored; a field that is missing is read as null, 0 or false; a field that the type
 * does not know is passed over. Instants are cut to milliseconds, in keys too.
 *
 * <p>A write of one entry is all or nothing, and durable once it returns. Every operation can fail as those of
 * {@link StoreCollection} do: INVALID_ARGUMENT for a null or a value that can't be kept, naming table, key and field,
 * DEADLINE_EXCEEDED, CANCELED, UNAVAILABLE, RESOURCE_EXHAUSTED, FORBIDDEN, DATA_LOSS and FAILED_PRECONDITION. Every
 * read can fail with UNSUPPORTED where a document does not fit the type: nothing is lost then, but this version of the
 * type does not know that form. The methods name what else they throw.
 *
 * @param <K> the type of the keys
 * @param <E> the type of the entries
 */
public final class Table<K, E> implements KeySource<K> {
    private final String path;
    private final StoreCollection collection;
    private final KeyMapper<K> keys;
    private final EntryMapper<E> entries;
    private final ChangeStamps stamps;
    private final @Nullable ReconcileContext context;

    private Table(
            String path,
            StoreCollection collection,
            KeyMapper<K> keys,
            EntryMapper<E> entries,
            @Nullable ReconcileContext context) {
        this.path = path;
        this.collection = collection;
        this.keys = keys;
        this.entries = entries;
        this.stamps = new ChangeStamps(path);
        this.context = context;
    }

    /**
     * Opens a table. Touches no database: the collection comes into being with the first write, index or watch. Finding
     * out about the types takes some milliseconds, so a table is opened once and kept.
     *
     * @param name a letter, then up to 47 letters, digits, underscores and hyphens
     * @throws CoreException INVALID_ARGUMENT if the name is not allowed, or keys or entries can't be of the types
     */
    public static <K, E> Table<K, E> open(Store store, String name, Class<K> keyType, Class<E> entryType) {
        StoreCollection collection = notNull(store, "store").collection(notNull(name, "name"));
        String path = store.name() + "." + name;
        return new Table<>(
                path,
                collection,
                new KeyMapper<>(path, notNull(keyType, "keyType")),
                new EntryMapper<>(path, notNull(entryType, "entryType")),
                null);
    }

    /** The table's name. */
    public String name() {
        return collection.name();
    }

    /** The collection of documents beneath. */
    public StoreCollection collection() {
        return collection;
    }

    /**
     * A view of this table whose operations have another timeout.
     *
     * @throws CoreException INVALID_ARGUMENT if it is not positive
     */
    public Table<K, E> withTimeout(Duration timeout) {
        return new Table<>(path, collection.withTimeout(notNull(timeout, "timeout")), keys, entries, context);
    }

    /**
     * A view of this table for one run of a reconcile. Its writes are known for the controller's own when they come
     * back as changes, so that they don't free a key that keeps failing. Its reads are never older than the change
     * that made the key run, as those of every {@code Table} see all confirmed writes.
     *
     * @param run the context that the reconcile was given; the view must not be used after it
     */
    public Table<K, E> in(ReconcileContext run) {
        return new Table<>(path, collection, keys, entries, notNull(run, "context"));
    }

    /**
     * Creates an entry.
     *
     * @throws CoreException ALREADY_EXISTS if the key is taken
     */
    public Written insert(K key, E value) {
        Key id = keys.toKey(key);
        return wrote(id, collection.insert(id, entries.toDocument(id, notNull(value, "value"))));
    }

    /**
     * Replaces a whole entry, fields included that the type does not know. {@link #update} leaves those.
     *
     * @throws CoreException NOT_FOUND if there is none
     */
    public Written replace(K key, E value) {
        return replace(key, value, Condition.none());
    }

    /**
     * Replaces a whole entry if a condition holds.
     *
     * @throws CoreException NOT_FOUND if there is none, CONFLICT if the condition does not hold
     */
    public Written replace(K key, E value, Condition condition) {
        Key id = keys.toKey(key);
        return wrote(id, collection.replace(id, entries.toDocument(id, notNull(value, "value")), condition));
    }

    /**
     * Sets an entry's top-level fields, each as a whole, and removes those that the type knows and the value has not.
     * Fields that the type does not know stay, so that programs of two versions can share a table.
     *
     * @throws CoreException NOT_FOUND if there is no entry
     */
    public Written update(K key, E value) {
        return update(key, value, Condition.none());
    }

    /**
     * Updates an entry as {@link #update(Object, Object)} does, if a condition holds.
     *
     * @throws CoreException NOT_FOUND if there is no entry, CONFLICT if the condition does not hold
     */
    public Written update(K key, E value, Condition condition) {
        Key id = keys.toKey(key);
        EntryMapper.Update update = entries.toUpdate(id, notNull(value, "value"));
        return wrote(id, collection.update(id, update.set(), update.unset(), condition));
    }

    /** Creates an entry or, where there is one, updates it as {@link #update(Object, Object)} does. */
    public Written upsert(K key, E value) {
        Key id = keys.toKey(key);
        EntryMapper.Update update = entries.toUpdate(id, notNull(value, "value"));
        return wrote(id, collection.upsert(id, update.set(), update.unset()));
    }

    /**
     * Changes some fields of an entry.
     *
     * @throws CoreException NOT_FOUND if there is no entry, INVALID_ARGUMENT if two steps touch one field, or a step
     *     does not fit the entry (an increment of what is no number, or beyond 64 bits)
     */
    public Written patch(K key, EntryPatch<? super E> patch) {
        return patch(key, patch, Condition.none());
    }

    /**
     * Changes some fields of an entry if a condition holds.
     *
     * @throws CoreException as {@link #patch(Object, EntryPatch)}, and CONFLICT if the condition does not hold
     */
    public Written patch(K key, EntryPatch<? super E> patch, Condition condition) {
        Key id = keys.toKey(key);
        return wrote(id, collection.patch(id, notNull(patch, "patch").toPatch(entries.fields()), condition));
    }

    /** Deletes an entry; says whether there was one. */
    public boolean delete(K key) {
        return delete(key, Condition.none());
    }

    /**
     * Deletes an entry if a condition holds; says whether there was one.
     *
     * @throws CoreException CONFLICT if there is an entry and the condition does not hold
     */
    public boolean delete(K key, Condition condition) {
        Key id = keys.toKey(key);
        Optional<Written> deleted = collection.delete(id, condition);
        deleted.ifPresent(written -> wrote(id, written));
        return deleted.isPresent();
    }

    /**
     * The entry of a key, with every write seen that was confirmed before the call.
     *
     * @throws CoreException NOT_FOUND if there is none
     */
    public E get(K key) {
        return find(key)
                .orElseThrow(() -> CoreException.notFound(this + " has no entry of the key " + keys.toKey(key)));
    }

    /** The entry of a key if there is one, with every write seen that was confirmed before the call. */
    public Optional<E> find(K key) {
        return findEntry(key).map(Entry::value);
    }

    /** The entry of a key with its version if there is one. */
    public Optional<Entry<K, E>> findEntry(K key) {
        return collection.find(keys.toKey(key)).map(this::entry);
    }

    /** The entries that match, in the order of their keys. Holds them all: for many, {@link #stream}. */
    public List<Entry<K, E>> findMany(EntryFilter<? super E> filter) {
        return findMany(filter, EntryOptions.ofDefaults());
    }

    /** The entries that match, in the order asked for. Holds them all: for many, {@link #stream}. */
    public List<Entry<K, E>> findMany(EntryFilter<? super E> filter, EntryOptions<? super E> options) {
        try (Stream<Entry<K, E>> found = stream(filter, options)) {
            return found.toList();
        }
    }

    /**
     * The entries that match, in the order asked for, holding one batch at a time. The timeout is that of each batch.
     * Not one moment's state: an entry changed meanwhile shows as before or as after the change.
     *
     * @return a stream to be closed
     */
    public Stream<Entry<K, E>> stream(EntryFilter<? super E> filter, EntryOptions<? super E> options) {
        return collection.stream(
                        notNull(filter, "filter").toFilter(entries.fields()),
                        notNull(options, "options").toFindOptions(entries.fields()))
                .map(this::entry);
    }

    /**
     * All entries, in the order of their keys, and the position from which a watch continues the list with nothing
     * lost between.
     *
     * @return a snapshot to be closed
     */
    public TableSnapshot<K, E> snapshot() {
        return snapshot(Fields.all());
    }

    /**
     * The entries that match, in the order of their keys, and the position from which a watch with the same filter
     * continues the list with nothing lost between.
     *
     * @return a snapshot to be closed
     */
    public TableSnapshot<K, E> snapshot(EntryFilter<? super E> filter) {
        return new TableSnapshot<>(
                collection.snapshot(notNull(filter, "filter").toFilter(entries.fields())), this::entry);
    }

    /**
     * Makes an index that serves equality, ranges and sorting on a field, or returns if it is there already.
     *
     * @throws CoreException ALREADY_EXISTS if another index has the name
     */
    public void ensureIndex(Field<? super E, ?> field) {
        collection.ensureIndex(
                Index.on(entries.fields().resolve(notNull(field, "field")).path()));
    }

    /**
     * Delivers changes to a listener, on a thread of its own, until closed. Without a position to start from, every
     * change is delivered that commits after this method has returned.
     *
     * @return the watch, to be closed
     */
    public Watch watch(WatchOptions options, EntryListener<K, E> listener) {
        return collection.watch(options, new EntryDelivery<>(keys, entries, notNull(listener, "listener")));
    }

    /**
     * Delivers changes of the entries that match, as {@link #watch(WatchOptions, EntryListener)}; an entry that may
     * have stopped matching comes as LEFT.
     *
     * @param options whose own filter has to match too
     * @return the watch, to be closed
     */
    public Watch watch(EntryFilter<? super E> filter, WatchOptions options, EntryListener<K, E> listener) {
        var documents = notNull(filter, "filter").toFilter(entries.fields());
        return watch(options.withFilter(notNull(options, "options").filter().and(documents)), listener);
    }

    /**
     * The keys of all entries, for controllers: {@code Controller.named(…).source(table)}. Of an entry whose key does
     * not fit the type only the log tells.
     */
    @Override
    public Keys<K> keys() {
        return source().keys();
    }

    /** Tells a controller of every change, by its key. Called by the controller. */
    @Override
    public KeySubscription subscribe(KeySink<K> sink) {
        return source().subscribe(sink);
    }

    /**
     * Keys of another kind that this table's entries concern, as a source for controllers of those: an order's
     * controller may want to run when its customer changes. Of an entry that does not fit the types only the log tells.
     */
    public <T> KeySource<T> keys(KeyMapping<? super K, ? super E, T> mapping) {
        return TableKeySource.mapped("keys of " + this, collection, stamps, keys, entries, notNull(mapping, "mapping"));
    }

    private TableKeySource<K> source() {
        if (!keys.hasEquality()) {
            throw CoreException.invalidArgument("the keys of " + path
                    + " are arrays, which are not equal to their copies; a controller needs keys of the type Bytes");
        }
        return TableKeySource.direct(toString(), collection, stamps, keys);
    }

    private Written wrote(Key key, Written written) {
        if (context != null) {
            context.wrote(stamps.of(key, written.version()));
        }
        return written;
    }

    private Entry<K, E> entry(StoredDocument stored) {
        Document document = stored.document();
        return new Entry<>(keys.fromKey(stored.key()), entries.toValue(stored.key(), document), stored.version());
    }

    /** Names the table for messages. */
    @Override
    public String toString() {
        return "the table " + path;
    }
}
