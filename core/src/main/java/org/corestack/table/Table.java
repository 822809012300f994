package org.corestack.table;

import static org.corestack.table.Arguments.notNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.corestack.document.Aggregation;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.StoredDocument;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.reconcile.KeySink;
import org.corestack.reconcile.KeySource;
import org.corestack.reconcile.KeySubscription;
import org.corestack.reconcile.Keys;
import org.corestack.reconcile.ReconcileContext;
import org.corestack.store.Store;
import org.corestack.store.StoreCollection;
import org.corestack.store.StoreTransaction;
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
public final class Table<K, E> implements EntryWriter<K, E>, KeySource<K> {
    private final TableMapping<K, E> mapping;
    private final StoreCollection collection;
    private final @Nullable ReconcileContext context;
    private final @Nullable StoreTransaction transaction;

    private Table(
            TableMapping<K, E> mapping,
            StoreCollection collection,
            @Nullable ReconcileContext context,
            @Nullable StoreTransaction transaction) {
        this.mapping = mapping;
        this.collection = collection;
        this.context = context;
        this.transaction = transaction;
    }

    /**
     * Opens a table. Touches no database: the collection comes into being with the first write, index or watch. Finding
     * out about the types takes some milliseconds, so a table is opened once and kept.
     *
     * @param name a letter, then up to 47 letters, digits, underscores and hyphens
     * @throws CoreException INVALID_ARGUMENT if the name is not allowed, or keys or entries can't be of the types
     */
    public static <K, E> Table<K, E> open(Store store, String name, Class<K> keyType, Class<E> entryType) {
        return open(store, name, keyType, entryType, EntryShape.NATIVE);
    }

    /**
     * Opens a table, as above, whose entries have another shape in the database, as for a collection that a program in Go
     * uses too.
     */
    public static <K, E> Table<K, E> open(
            Store store, String name, Class<K> keyType, Class<E> entryType, EntryShape shape) {
        StoreCollection collection = notNull(store, "store").collection(notNull(name, "name"));
        return new Table<>(
                TableMapping.of(store.name() + "." + name, keyType, entryType, shape), collection, null, null);
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
        return new Table<>(mapping, collection.withTimeout(notNull(timeout, "timeout")), context, transaction);
    }

    /**
     * A view of this table for one run of a reconcile. Its writes are known for the controller's own when they come
     * back as changes, so that they don't free a key that keeps failing. Its reads are never older than the change
     * that made the key run, as those of every {@code Table} see all confirmed writes.
     *
     * @param run the context that the reconcile was given; the view must not be used after it
     */
    public Table<K, E> in(ReconcileContext run) {
        return new Table<>(mapping, collection, notNull(run, "context"), transaction);
    }

    /**
     * A view of this table for the work of a transaction of its store: what is read and written through it is part of the
     * transaction. It has no feed: no snapshot, watch or index.
     *
     * @param transaction one of the same client; the view must not be used after it
     * @throws CoreException INVALID_ARGUMENT if it is one of another store
     */
    public Table<K, E> in(StoreTransaction transaction) {
        String path = notNull(transaction, "transaction").store() + "." + name();
        if (!path.equals(mapping.path())) {
            throw CoreException.invalidArgument(
                    this + " can't be part of a transaction of the store " + transaction.store());
        }
        StoreCollection within = transaction.collection(name()).withTimeout(collection.timeout());
        return new Table<>(mapping, within, context, transaction);
    }

    /**
     * The entries' key as a field for filters and sorts: {@code orders.key().gt("o-5")}. Of records that are keys the
     * components can be spoken of, {@code orders.key().dot(OrderKey::region)}, but the whole only with {@code eq}, {@code
     * in} and in sorts.
     */
    public Field<E, K> key() {
        return new Field<>(List.of(PathStep.From.KEY));
    }

    @Override
    public Written insert(K key, E value) {
        Write.Insert write = mapping.insert(key, value);
        return wrote(write.key(), collection.insert(write.key(), write.document()));
    }

    @Override
    public Written replace(K key, E value, EntryCondition<? super E> condition) {
        Write.Replace write = mapping.replace(key, value, condition);
        return wrote(write.key(), collection.replace(write.key(), write.document(), write.condition()));
    }

    @Override
    public Written update(K key, E value, EntryCondition<? super E> condition) {
        Write.Merge write = mapping.update(key, value, condition);
        return wrote(write.key(), collection.update(write.key(), write.set(), write.unset(), write.condition()));
    }

    @Override
    public Written upsert(K key, E value) {
        Write.Upsert write = mapping.upsert(key, value);
        return wrote(write.key(), collection.upsert(write.key(), write.set(), write.unset()));
    }

    @Override
    public Written patch(K key, EntryPatch<? super E> patch, EntryCondition<? super E> condition) {
        Write.Apply write = mapping.patch(key, patch, condition, false);
        return wrote(write.key(), collection.patch(write.key(), write.patch(), write.condition()));
    }

    @Override
    public Entry<K, E> patchAndGet(K key, EntryPatch<? super E> patch, EntryCondition<? super E> condition) {
        Write.Apply write = mapping.patch(key, patch, condition, true);
        StoredDocument after = collection.patchAndGet(write.key(), write.patch(), write.condition());
        wrote(write.key(), after.version());
        return mapping.entry(after);
    }

    @Override
    public boolean delete(K key, EntryCondition<? super E> condition) {
        Write.Delete write = mapping.delete(key, condition);
        Optional<Written> deleted = collection.delete(write.key(), write.condition());
        deleted.ifPresent(written -> wrote(write.key(), written));
        return deleted.isPresent();
    }

    @Override
    public long deleteMany(EntryFilter<? super E> filter) {
        return collection.deleteMany(mapping.plain(filter));
    }

    @Override
    public EntryBulk<K, E> bulk() {
        return new EntryBulk<>(this);
    }

    /**
     * The entry of a key, with every write seen that was confirmed before the call.
     *
     * @throws CoreException NOT_FOUND if there is none
     */
    public E get(K key) {
        return find(key)
                .orElseThrow(() -> CoreException.notFound(
                        this + " has no entry of the key " + mapping.keys().toKey(key)));
    }

    /** The entry of a key if there is one, with every write seen that was confirmed before the call. */
    public Optional<E> find(K key) {
        return findEntry(key).map(Entry::value);
    }

    /** The entry of a key with its version if there is one. */
    public Optional<Entry<K, E>> findEntry(K key) {
        return collection.find(mapping.keys().toKey(key)).map(mapping::entry);
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
        FindOptions plain = notNull(options, "options").toFindOptions(mapping.fields());
        return collection.stream(mapping.plain(filter), plain).map(stored -> mapping.entry(stored, plain.only()));
    }

    /** How many entries match. */
    public long count(EntryFilter<? super E> filter) {
        return collection.count(mapping.plain(filter));
    }

    /**
     * Figures over the entries that match, for all of them or for each group; see {@link EntryAggregation}.
     *
     * @return the groups, in no particular order; without a field to group by just one, where there is no entry too
     * @throws CoreException INVALID_ARGUMENT if a sum of integers overflows
     */
    public List<EntryGroup<E>> aggregate(EntryFilter<? super E> filter, EntryAggregation<? super E> aggregation) {
        Aggregation plain = notNull(aggregation, "aggregation").toAggregation(mapping.fields());
        List<EntryGroup<E>> groups = new ArrayList<>();
        collection
                .aggregate(mapping.plain(filter), plain)
                .forEach(group -> groups.add(aggregation.read(mapping.fields(), group)));
        return List.copyOf(groups);
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
        return new TableSnapshot<>(collection.snapshot(mapping.plain(filter)), mapping::entry);
    }

    /**
     * Makes an index that serves equality, ranges and sorting on a field, or returns if it is there already.
     *
     * @throws CoreException as {@link #ensureIndex(EntryIndex)}
     */
    public void ensureIndex(Field<? super E, ?> field) {
        collection.ensureIndex(EntryIndex.on(field, null).toIndex(mapping.fields()));
    }

    /**
     * Makes an index, or returns if it is there already: {@code index(field(Order::status)).thenBy(field(Order::placed))}.
     *
     * @throws CoreException ALREADY_EXISTS if another index has the name, or one on the same fields differs;
     *     FAILED_PRECONDITION if entries that are there forbid a unique one
     */
    public void ensureIndex(EntryIndex<? super E> index) {
        collection.ensureIndex(notNull(index, "index").toIndex(mapping.fields()));
    }

    /**
     * The statements that make this table's collection and these indexes, for an administrator to read, or to run where
     * this program may not. Asks no database.
     */
    public List<String> statements(Collection<? extends EntryIndex<? super E>> indexes) {
        List<Index> plain = new ArrayList<>();
        for (EntryIndex<? super E> index : Arguments.<EntryIndex<? super E>>copy(indexes, "indexes")) {
            plain.add(index.toIndex(mapping.fields()));
        }
        return collection.statements(plain);
    }

    /**
     * Delivers changes to a listener, on a thread of its own, until closed. Without a position to start from, every
     * change is delivered that commits after this method has returned.
     *
     * @return the watch, to be closed
     */
    public Watch watch(WatchOptions options, EntryListener<K, E> listener) {
        return collection.watch(
                options, new EntryDelivery<>(mapping.keys(), mapping.entries(), notNull(listener, "listener")));
    }

    /**
     * Delivers changes of the entries that match, as {@link #watch(WatchOptions, EntryListener)}; an entry that may
     * have stopped matching comes as LEFT.
     *
     * @param options whose own filter has to match too
     * @return the watch, to be closed
     */
    public Watch watch(EntryFilter<? super E> filter, WatchOptions options, EntryListener<K, E> listener) {
        Filter documents = mapping.plain(filter);
        return watch(notNull(options, "options").withFilter(options.filter().and(documents)), listener);
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
    public <T> KeySource<T> keys(KeyMapping<? super K, ? super E, T> keys) {
        return TableKeySource.mapped("keys of " + this, collection, mapping, notNull(keys, "keys"));
    }

    private TableKeySource<K> source() {
        if (!mapping.keys().hasEquality()) {
            throw CoreException.invalidArgument("the keys of " + mapping.path()
                    + " are arrays, which are not equal to their copies; a controller needs keys of the type Bytes");
        }
        return TableKeySource.direct(toString(), collection, mapping);
    }

    /** What its keys and entries are in documents. */
    TableMapping<K, E> mapping() {
        return mapping;
    }

    /** Tells the controller whose run this view is for of a write; of one in a transaction once that took effect. */
    Written wrote(Key key, Written written) {
        wrote(key, written.version());
        return written;
    }

    private void wrote(Key key, long version) {
        ReconcileContext run = context;
        if (run == null) {
            return;
        }
        long stamp = mapping.stamps().of(key, version);
        if (transaction == null) {
            run.wrote(stamp);
        } else {
            transaction.afterCommit(() -> run.wrote(stamp));
        }
    }

    /** Names the table for messages. */
    @Override
    public String toString() {
        return "the table " + mapping.path();
    }
}
