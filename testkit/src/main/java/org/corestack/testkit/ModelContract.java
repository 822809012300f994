package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Patch;
import org.corestack.document.Sort;
import org.corestack.document.StoredDocument;
import org.corestack.document.ValueType;
import org.corestack.document.Write;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.StoreCollection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random operations on the engine and on the meaning in memory come to the same, step by step. */
abstract class ModelContract extends NativeContract {
    private static final int KEYS = 12;

    @Test
    void randomOperationsDoWhatTheyMean() {
        Seeds.run(3, random -> {
            Session session = new Session(random);
            for (int i = 0; i < 250; i++) {
                session.step();
            }
            session.assertSameContent();
        });
    }

    /** One run: a collection of its own, and what it should hold. */
    private final class Session {
        private final Random random;
        private final RandomDocuments documents;
        private final StoreCollection collection;
        private final Map<Key, StoredDocument> model = new HashMap<>();

        Session(Random random) {
            this.random = random;
            this.documents = new RandomDocuments(random);
            this.collection = store().collection("model" + Long.toHexString(random.nextLong()));
            collection.ensureIndex(Index.on(FieldPath.of("a")));
            collection.ensureIndex(Index.on(FieldPath.of("b.a")));
        }

        void step() {
            Key key = key(random.nextInt(KEYS));
            switch (random.nextInt(9)) {
                case 0, 1 -> insert(key);
                case 2 -> replace(key);
                case 3 -> update(key);
                case 4 -> upsert(key);
                case 5 -> patch(key);
                case 6 -> delete(key);
                case 7 -> find(documents.filter(), documents.sort());
                default -> find(documents.filter(), Sort.byKey());
            }
        }

        /** A condition that holds or one that does not. */
        private Condition condition(Key key) {
            StoredDocument current = model.get(key);
            if (current == null || random.nextInt(3) > 0) {
                return Condition.none();
            }
            return Condition.ifVersion(current.version() + random.nextInt(2));
        }

        private void insert(Key key) {
            Document document = documents.document();
            ErrorCode expected = model.containsKey(key) ? ErrorCode.ALREADY_EXISTS : null;
            write(key, expected, document, () -> collection.insert(key, document));
        }

        private void replace(Key key) {
            Document document = documents.document();
            Condition condition = condition(key);
            write(key, refusal(key, condition), document, () -> collection.replace(key, document, condition));
        }

        private void update(Key key) {
            Document set = documents.document();
            Set<String> unset = without(documents.names(), set);
            Condition condition = condition(key);
            Document after = new Write.Merge(key, set, unset, condition).after(current(key), Instant.EPOCH);
            write(key, refusal(key, condition), after, () -> collection.update(key, set, unset, condition));
        }

        private void upsert(Key key) {
            Document set = documents.document();
            Set<String> unset = without(documents.names(), set);
            Document before = model.containsKey(key) ? current(key) : null;
            Document after = new Write.Upsert(key, set, unset).after(before, Instant.EPOCH);
            write(key, null, after, () -> collection.upsert(key, set, unset));
        }

        private Set<String> without(Set<String> names, Document set) {
            names.removeAll(set.names());
            return names;
        }

        private void patch(Key key) {
            Patch patch = documents.patch();
            Condition condition = condition(key);
            ErrorCode expected = refusal(key, condition);
            Document after = null;
            if (expected == null) {
                try {
                    after = patch.apply(current(key), Instant.EPOCH);
                } catch (CoreException e) {
                    expected = e.code();
                }
            }
            write(key, expected, after, () -> collection.patch(key, patch, condition));
        }

        private void delete(Key key) {
            Condition condition = condition(key);
            if (!model.containsKey(key)) {
                assertThat(collection.delete(key, condition)).isEmpty();
            } else {
                write(
                        key,
                        refusal(key, condition),
                        null,
                        () -> collection.delete(key, condition).orElseThrow());
            }
        }

        private Document current(Key key) {
            StoredDocument current = model.get(key);
            return current == null ? Document.empty() : current.document();
        }

        private @Nullable ErrorCode refusal(Key key, Condition condition) {
            StoredDocument current = model.get(key);
            if (current == null) {
                return ErrorCode.NOT_FOUND;
            }
            return condition.holds(current) ? null : ErrorCode.CONFLICT;
        }

        private interface Operation {
            Written run();
        }

        private void write(Key key, @Nullable ErrorCode expected, @Nullable Document after, Operation operation) {
            Written[] written = new Written[1];
            ErrorCode code = codeOf(() -> written[0] = operation.run());
            assertThat(code).as("the write of %s", key).isEqualTo(expected);
            if (code == null) {
                if (after == null) {
                    model.remove(key);
                } else {
                    model.put(key, new StoredDocument(key, after, written[0].version()));
                }
            }
            assertThat(collection.find(key).orElse(null)).isEqualTo(model.get(key));
        }

        private void find(Filter filter, Sort sort) {
            List<StoredDocument> expected = model.values().stream()
                    .filter(stored -> filter.matches(stored.key(), stored.document()))
                    .sorted(Sort.byKey().comparator())
                    .toList();
            List<StoredDocument> found = collection.findMany(filter, FindOptions.sortBy(sort));
            assertThat(found).as("%s", filter).containsExactlyInAnyOrderElementsOf(expected);
            assertPairsInOrder(found, sort);
        }

        /** Where every sorted value of two neighbours is of one class, the meaning says which comes first. */
        private void assertPairsInOrder(List<StoredDocument> found, Sort sort) {
            Comparator<StoredDocument> comparator = sort.comparator();
            for (int i = 1; i < found.size(); i++) {
                StoredDocument before = found.get(i - 1);
                StoredDocument after = found.get(i);
                boolean said = sort.terms().stream()
                        .allMatch(term -> isSaid(
                                term.path().read(before.key(), before.document()),
                                term.path().read(after.key(), after.document())));
                if (said) {
                    assertThat(comparator.compare(before, after))
                            .as("%s before %s by %s", before, after, sort)
                            .isNegative();
                }
            }
        }

        private boolean isSaid(@Nullable Object left, @Nullable Object right) {
            ValueType one = ValueType.of(left);
            ValueType other = ValueType.of(right);
            return one.isNumber() ? other.isNumber() : one == other && (one == ValueType.NULL || one.isScalar());
        }

        void assertSameContent() {
            assertThat(collection.findMany(Filter.all(), FindOptions.ofDefaults()))
                    .containsExactlyElementsOf(model.values().stream()
                            .sorted(Sort.byKey().comparator())
                            .toList());
        }
    }
}
