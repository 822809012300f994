package org.corestack.mongodb;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.conversions.Bson;
import org.corestack.document.FieldPath;
import org.corestack.document.FindOptions;
import org.corestack.document.Sort;
import org.corestack.document.StoredDocument;
import org.jspecify.annotations.Nullable;

/** The order of lists, as the servers are asked for it, and as it is meant. */
final class ListOrder {
    private static final Comparator<StoredDocument> BY_KEY = Comparator.comparing(StoredDocument::key);

    static Bson of(Sort sort) {
        return Raw.document(out -> {
            for (var term : sort.terms()) {
                out.writeInt32(Names.path(term.path()), term.descending() ? -1 : 1);
            }
            if (sort.terms().stream().noneMatch(term -> term.path().isWholeKey())) {
                out.writeInt32(Names.ID, 1);
            }
        });
    }

    static @Nullable Bson projection(FindOptions options) {
        return options.only().isEmpty()
                ? null
                : Raw.document(out -> {
                    out.writeInt32(Names.META, 1);
                    options.only().forEach(path -> out.writeInt32(Names.path(path), 1));
                });
    }

    static List<StoredDocument> put(List<StoredDocument> list, Sort sort) {
        list.sort(sort.terms().isEmpty() ? BY_KEY : sort.comparator());
        return list;
    }

    /** Whether it is by several paths of the documents. */
    static boolean isBySeveral(Sort sort) {
        return sort.terms().stream()
                        .filter(term -> term.path().root() == FieldPath.Root.DOCUMENT)
                        .count()
                > 1;
    }

    /**
     * The stages of a list in which lists at the paths of its order count for nothing. What it is sorted by stands in our
     * own field, where nobody reads it.
     *
     * @param limit how many are wanted; 0 if all
     */
    static List<Bson> pastLists(Bson wanted, Sort sort, FindOptions served, long limit) {
        List<Bson> stages = new ArrayList<>();
        stages.add(new BsonDocument("$match", (BsonDocument) wanted));
        stages.add(Raw.document(out -> Raw.nested(out, "$addFields", () -> {
            for (int i = 0; i < sort.terms().size(); i++) {
                out.writeName(Names.META + ".s" + i);
                GroupPipeline.writePastLists(out, sort.terms().get(i).path());
            }
        })));
        stages.add(Raw.document(out -> Raw.nested(out, "$sort", () -> {
            for (int i = 0; i < sort.terms().size(); i++) {
                out.writeInt32(Names.META + ".s" + i, sort.terms().get(i).descending() ? -1 : 1);
            }
            out.writeInt32(Names.ID, 1);
        })));
        if (limit > 0) {
            stages.add(new BsonDocument("$limit", new BsonInt64(limit)));
        }
        Bson projection = projection(served);
        if (projection != null) {
            stages.add(new BsonDocument("$project", (BsonDocument) projection));
        }
        return stages;
    }
}
