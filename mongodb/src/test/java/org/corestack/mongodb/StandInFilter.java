package org.corestack.mongodb;

import de.bwaldvogel.mongo.backend.BsonType;
import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.backend.aggregation.Expression;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.BadValueException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a filter lets through, as the server's manual says under "Query Predicates": an operator holds of a path if it
 * holds of any value there, and where a list is met on the way or at the end its elements are looked at as well. The
 * stand-in's own reading compares numbers inexactly, and fails where {@code $elemMatch} meets an element of another kind.
 *
 * <p>Only operators that the engine sends are known here. Any other is an error, so that none is misread in silence.
 */
final class StandInFilter {
    private static final Set<String> OF_DOCUMENTS = Set.of("$and", "$or", "$nor", "$expr");

    private StandInFilter() {}

    static boolean matches(Document filter, Document document) {
        for (Map.Entry<String, Object> part : filter.entrySet()) {
            boolean holds = part.getKey().startsWith("$")
                    ? holdsOf(document, part.getKey(), part.getValue())
                    : holdsAt(document, part.getKey(), part.getValue());
            if (!holds) {
                return false;
            }
        }
        return true;
    }

    private static boolean holdsOf(Document document, String operator, Object operand) {
        return switch (operator) {
            case "$and" -> filters(operand).stream().allMatch(each -> matches(each, document));
            case "$or" -> filters(operand).stream().anyMatch(each -> matches(each, document));
            case "$nor" -> filters(operand).stream().noneMatch(each -> matches(each, document));
            case "$expr" -> Utils.isTrue(Expression.evaluateDocument(operand, document));
            default -> throw unknown(operator);
        };
    }

    private static List<Document> filters(Object operand) {
        List<Document> filters = new ArrayList<>();
        ((Collection<?>) operand).forEach(each -> filters.add((Document) each));
        if (filters.isEmpty()) {
            throw new BadValueException("$and/$or/$nor must be a nonempty array");
        }
        return filters;
    }

    private static boolean holdsAt(Document document, String path, Object condition) {
        List<Object> there = at(document, path);
        List<Object> withElements = withElements(there);
        return isOfOperators(condition)
                ? holds((Document) condition, there, withElements)
                : withElements.stream().anyMatch(value -> compares(value, "$eq", condition));
    }

    private static boolean isOfOperators(Object condition) {
        return condition instanceof Document operators
                && !operators.isEmpty()
                && operators.keySet().iterator().next().startsWith("$");
    }

    /** The values at a path: one, which may be missing, but where lists on the way make them any number. */
    static List<Object> at(Document document, String path) {
        List<Object> found = new ArrayList<>();
        collect(document, path.split("\\.", -1), 0, found);
        return found;
    }

    private static void collect(Object value, String[] path, int depth, List<Object> found) {
        if (depth == path.length) {
            found.add(value);
        } else if (value instanceof Document document) {
            collect(document.getOrMissing(path[depth]), path, depth + 1, found);
        } else if (value instanceof Collection<?> list) {
            int index = 0;
            for (Object element : list) {
                if (element instanceof Document) {
                    collect(element, path, depth, found);
                }
                if (path[depth].equals(Integer.toString(index++))) {
                    collect(element, path, depth + 1, found);
                }
            }
        } else {
            found.add(Missing.getInstance());
        }
    }

    private static List<Object> withElements(List<Object> there) {
        List<Object> all = new ArrayList<>(there);
        for (Object value : there) {
            if (value instanceof Collection<?> list) {
                all.addAll(list);
            }
        }
        return all;
    }

    /** Whether each operator holds by itself: in a list they may do so by different elements. */
    private static boolean holds(Document operators, List<Object> there, List<Object> withElements) {
        for (Map.Entry<String, Object> each : operators.entrySet()) {
            Object operand = each.getValue();
            boolean holds = switch (each.getKey()) {
                case "$not" -> !holds((Document) operand, there, withElements);
                case "$exists" -> there.stream().allMatch(value -> value instanceof Missing) != Utils.isTrue(operand);
                case "$elemMatch" -> there.stream().anyMatch(value -> hasElement(value, (Document) operand));
                default -> withElements.stream().anyMatch(value -> compares(value, each.getKey(), operand));
            };
            if (!holds) {
                return false;
            }
        }
        return true;
    }

    /** Of elements that are asked for as documents, lists are taken for documents whose fields are numbered. */
    private static boolean hasElement(Object value, Document asked) {
        if (!(value instanceof Collection<?> list)) {
            return false;
        }
        boolean asValues = isOfOperators(asked)
                && !OF_DOCUMENTS.contains(asked.keySet().iterator().next());
        for (Object element : list) {
            List<Object> alone = new ArrayList<>();
            alone.add(element);
            if (asValues ? holds(asked, alone, alone) : isDocument(element) && matches(asked, numbered(element))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDocument(Object element) {
        return element instanceof Document || element instanceof Collection;
    }

    private static Document numbered(Object element) {
        if (element instanceof Document document) {
            return document;
        }
        Document document = new Document();
        ((Collection<?>) element).forEach(each -> document.put(Integer.toString(document.size()), each));
        return document;
    }

    private static boolean compares(Object value, String operator, Object operand) {
        return switch (operator) {
            case "$eq" -> order(value, operand) == 0;
            case "$in" -> ((Collection<?>) operand).stream().anyMatch(each -> order(value, each) == 0);
            case "$type" ->
                (operand instanceof Collection<?> types ? types : List.of(operand))
                        .stream()
                                .anyMatch(type ->
                                        BsonType.forString((String) type).matches(value));
            case "$lt" -> areComparable(value, operand) && order(value, operand) < 0;
            case "$lte" -> areComparable(value, operand) && order(value, operand) <= 0;
            case "$gt" -> areComparable(value, operand) && order(value, operand) > 0;
            case "$gte" -> areComparable(value, operand) && order(value, operand) >= 0;
            default -> throw unknown(operator);
        };
    }

    private static boolean areComparable(Object value, Object operand) {
        return StandInOrder.areOfOneClass(value, operand);
    }

    private static int order(Object value, Object operand) {
        return StandInOrder.VALUES.compare(value, operand);
    }

    private static BadValueException unknown(String operator) {
        return new BadValueException("the stand-in's filters know no " + operator);
    }
}
