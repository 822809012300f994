package org.corestack.mongodb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.corestack.document.FieldPath;
import org.corestack.document.Index;
import org.corestack.document.Sort;
import org.corestack.errors.CoreException;

/** Reads what the servers list of indexes as what {@link IndexMaker} makes of them. */
final class IndexList {
    private static final String PARTIAL = "partialFilterExpression";
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,47}");
    /** Options that an index of ours has; one with another does something that ours don't. */
    private static final Set<String> OPTIONS =
            Set.of("v", "key", "name", "ns", "background", "unique", "sparse", "expireAfterSeconds", PARTIAL);

    private IndexList() {}

    /** Those that are described as ours are; others are other programs' own. */
    static List<Index> read(Iterable<BsonDocument> listed) {
        List<Index> indexes = new ArrayList<>();
        for (BsonDocument each : listed) {
            read(each).ifPresent(indexes::add);
        }
        return indexes;
    }

    private static Optional<Index> read(BsonDocument listed) {
        BsonDocument keys = listed.getDocument("key", new BsonDocument());
        boolean unique = IndexMaker.isTrue(listed, "unique");
        long seconds = IndexMaker.expiry(listed);
        try {
            List<Sort.Term> terms = terms(keys);
            if (terms.isEmpty() || !OPTIONS.containsAll(listed.keySet())) {
                return Optional.empty();
            }
            String name = listed.getString("name").getValue();
            Index plain = NAME.matcher(name).matches() ? Index.of(terms).named(name) : Index.of(terms);
            Index index = new Index(
                    plain.name(),
                    terms,
                    unique,
                    IndexMaker.isTrue(listed, "sparse") || isSparse(listed),
                    seconds < 0 ? null : Duration.ofSeconds(seconds));
            BsonDocument partial = listed.isDocument(PARTIAL) ? listed.getDocument(PARTIAL) : null;
            boolean ours = partial == null ? !unique : partial.equals(IndexMaker.partial(index));
            return ours ? Optional.of(index) : Optional.empty();
        } catch (CoreException e) {
            return Optional.empty(); // a path or an expiry that ours can't have
        }
    }

    /** A unique index that is sparse too says so in its filter. */
    private static boolean isSparse(BsonDocument listed) {
        return listed.isDocument(PARTIAL)
                && listed.getDocument(PARTIAL).values().stream()
                        .anyMatch(value ->
                                value.isDocument() && value.asDocument().containsKey(IndexMaker.EXISTS));
    }

    /** The paths, without the key behind them; none if one is not simply up or down. */
    private static List<Sort.Term> terms(BsonDocument keys) {
        List<Sort.Term> terms = new ArrayList<>();
        int left = keys.size();
        for (String path : keys.keySet()) {
            left--;
            if (path.equals(Names.ID) && left == 0) {
                return terms;
            }
            BsonValue direction = keys.get(path);
            if (!direction.isNumber() || Math.abs(direction.asNumber().doubleValue()) != 1) {
                return List.of();
            }
            List<String> names = new ArrayList<>();
            for (String name : path.split("\\.", -1)) {
                names.add(Names.decode(name));
            }
            terms.add(new Sort.Term(new FieldPath(names), direction.asNumber().doubleValue() < 0));
        }
        return terms;
    }
}
