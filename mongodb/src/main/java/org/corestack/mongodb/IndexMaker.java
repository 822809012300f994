package org.corestack.mongodb;

import com.mongodb.MongoException;
import com.mongodb.client.model.IndexOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.corestack.document.Index;
import org.corestack.document.Sort;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * Makes indexes: on the paths, then on the key where the index is a plain one, so that lists that are sorted by the paths
 * come from it. A unique one leaves out documents in which a value is missing or null, which the server would hold equal.
 */
final class IndexMaker {
    static final String EXISTS = "$exists";

    private final Link link;
    private final CollectionName name;
    private final CollectionIdentity identity;

    IndexMaker(Link link, CollectionName name, CollectionIdentity identity) {
        this.link = link;
        this.name = name;
        this.identity = identity;
    }

    void ensure(List<Index> indexes, Deadline deadline) {
        for (Index index : indexes) {
            Doing doing = Doing.read("making the index " + index.name() + " of " + name);
            link.run(doing, deadline, call -> {
                identity.make(call);
                List<BsonDocument> there = new ArrayList<>();
                call.raw(name).listIndexes(call.session(), BsonDocument.class).into(there);
                boolean found = false;
                for (BsonDocument each : there) {
                    found |= serves(each, index);
                }
                if (!found) {
                    make(call, index);
                }
                return found;
            });
        }
    }

    /** Those that are there. */
    List<Index> list(Deadline deadline) {
        return link.run(
                Doing.read("listing the indexes of " + name),
                deadline,
                call -> IndexList.read(call.raw(name)
                        .listIndexes(call.session(), BsonDocument.class)
                        .into(new ArrayList<>())));
    }

    private void make(Call call, Index index) {
        IndexOptions options =
                new IndexOptions().name(index.name()).unique(index.unique()).sparse(index.sparse() && !index.unique());
        if (index.expireAfter() != null) {
            options.expireAfter(index.expireAfter().toSeconds(), TimeUnit.SECONDS);
        }
        BsonDocument partial = partial(index);
        if (partial != null) {
            options.partialFilterExpression(partial);
        }
        try {
            call.raw(name).createIndex(call.session(), keys(index), options);
        } catch (MongoException e) {
            if (MongoErrors.code(e) == MongoErrors.DUPLICATE_KEY) {
                throw new CoreException(
                        ErrorCode.FAILED_PRECONDITION,
                        "the index " + index.name() + " of " + name + " can't be unique: documents that are there have"
                                + " equal values",
                        e);
            }
            throw e;
        }
    }

    private static boolean isPlain(Index index) {
        return !index.unique() && !index.sparse() && index.expireAfter() == null;
    }

    static BsonDocument keys(Index index) {
        return Raw.document(out -> {
            for (Sort.Term term : index.terms()) {
                out.writeInt32(Names.path(term.path()), term.descending() ? -1 : 1);
            }
            if (isPlain(index)) {
                out.writeInt32(Names.ID, 1);
            }
        });
    }

    static @Nullable BsonDocument partial(Index index) {
        if (!index.unique()) {
            return null;
        }
        return Raw.document(out -> {
            for (Sort.Term term : index.terms()) {
                out.writeStartDocument(Names.path(term.path()));
                if (index.sparse()) {
                    out.writeBoolean(EXISTS, true); // says nothing that the types don't, but what the index was made as
                }
                out.writeStartArray("$type");
                FilterBson.NOT_NULL.forEach(out::writeString);
                out.writeEndArray();
                out.writeEndDocument();
            }
        });
    }

    /**
     * Whether an index that is there does what the wanted one does.
     *
     * @throws CoreException ALREADY_EXISTS if it stands in its way: another one of its name, or another on its paths
     */
    private boolean serves(BsonDocument listed, Index index) {
        String other = listed.getString("name", new BsonString("")).getValue();
        BsonDocument keys = listed.getDocument("key", new BsonDocument());
        boolean onThePaths = isOnThePaths(keys, index);
        boolean same = onThePaths
                && isTrue(listed, "unique") == index.unique()
                && isTrue(listed, "sparse") == (index.sparse() && !index.unique())
                && expiry(listed)
                        == (index.expireAfter() == null
                                ? -1
                                : index.expireAfter().toSeconds());
        if (other.equals(index.name()) && same) {
            return true;
        }
        if (other.equalsIgnoreCase(index.name()) || (onThePaths && !same)) {
            throw clash(index, other, keys);
        }
        return onThePaths;
    }

    /** Whether the index is on the paths in their directions, with the key behind them or, as another program's, without. */
    private static boolean isOnThePaths(BsonDocument keys, Index index) {
        List<String> names = new ArrayList<>(keys.keySet());
        if (names.size() == index.terms().size() + 1
                && names.get(names.size() - 1).equals(Names.ID)) {
            names.remove(names.size() - 1);
        }
        if (names.size() != index.terms().size()) {
            return false;
        }
        for (int i = 0; i < names.size(); i++) {
            Sort.Term term = index.terms().get(i);
            BsonValue direction = keys.get(names.get(i));
            if (!names.get(i).equals(Names.path(term.path()))
                    || direction == null
                    || !direction.isNumber()
                    || direction.asNumber().doubleValue() < 0 != term.descending()) {
                return false;
            }
        }
        return true;
    }

    static boolean isTrue(BsonDocument listed, String option) {
        BsonValue value = listed.get(option);
        return value != null && value.isBoolean() && value.asBoolean().getValue();
    }

    /** In seconds; -1 for none. */
    static long expiry(BsonDocument listed) {
        BsonValue value = listed.get("expireAfterSeconds");
        return value != null && value.isNumber() ? value.asNumber().longValue() : -1;
    }

    private CoreException clash(Index index, String other, BsonDocument keys) {
        return new CoreException(
                ErrorCode.ALREADY_EXISTS,
                "the index " + index.name() + " of " + name + " can't be made: there is one named " + other + " on "
                        + keys.toJson() + ", or with other options");
    }

    /** As the shell takes it. */
    String statement(Index index) {
        BsonDocument options = new BsonDocument("name", new BsonString(index.name()));
        if (index.unique()) {
            options.append("unique", org.bson.BsonBoolean.TRUE);
            options.append("partialFilterExpression", partial(index));
        } else if (index.sparse()) {
            options.append("sparse", org.bson.BsonBoolean.TRUE);
        }
        if (index.expireAfter() != null) {
            options.append(
                    "expireAfterSeconds",
                    new org.bson.BsonInt64(index.expireAfter().toSeconds()));
        }
        return "db.getSiblingDB(\"" + name.database() + "\").getCollection(\"" + name.collection() + "\").createIndex("
                + keys(index).toJson() + ", " + options.toJson() + ")";
    }
}
