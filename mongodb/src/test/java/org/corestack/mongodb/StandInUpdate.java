package org.corestack.mongodb;

import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.BadValueException;
import de.bwaldvogel.mongo.exception.PathNotViableException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** The operators of an update, where the stand-in does another thing than the server with the document that is stored. */
final class StandInUpdate {
    private final Document update;
    private final Document stored;

    private StandInUpdate(Document update, Document stored) {
        this.update = update;
        this.stored = stored;
    }

    /** Puts into an update what comes to the server's meaning of it, or fails as the server does. */
    static void resolve(Document update, Document stored) {
        StandInUpdate operators = new StandInUpdate(update, stored);
        operators.of("$pull").keySet().forEach(operators::refuseToPullThroughOthers);
        operators
                .of("$unset")
                .keySet()
                .removeIf(path -> !leadsThroughDocuments(path, stored)); // it would go into lists
        operators.increments();
        operators.maxima();
        operators.dates();
        for (String each : new String[] {"$inc", "$max", "$unset"}) {
            if (operators.of(each).isEmpty()) {
                update.remove(each);
            }
        }
    }

    private Document of(String operator) {
        return (Document) update.getOrDefault(operator, new Document());
    }

    private void set(String path, Object value) {
        ((Document) update.computeIfAbsent("$set", none -> new Document())).put(path, value);
    }

    static boolean leadsThroughDocuments(String path, Document stored) {
        int last = path.lastIndexOf('.');
        return last < 0 || at(stored, path.substring(0, last)) instanceof Document;
    }

    private static Object at(Object stored, String path) {
        Object at = stored;
        for (String name : path.split("\\.", -1)) {
            at = at instanceof Document inner ? inner.getOrMissing(name) : Missing.getInstance();
        }
        return at;
    }

    /** To the stand-in there is nothing behind a scalar or a list. */
    private void refuseToPullThroughOthers(String path) {
        for (int dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
            Object on = at(stored, path.substring(0, dot));
            if (!(on instanceof Missing || on instanceof Document)) {
                throw new PathNotViableException(path.substring(dot + 1), stored);
            }
        }
    }

    /** The stand-in adds to nothing as to 0, which loses the sign of -0.0; and it wraps around at the largest integer. */
    private void increments() {
        of("$inc").entrySet().removeIf(step -> {
            Object value = at(stored, step.getKey());
            if (value instanceof Missing) {
                set(step.getKey(), step.getValue());
            } else if (isInteger(value) && isInteger(step.getValue())) {
                refuseOverflow((Number) value, (Number) step.getValue());
            }
            return value instanceof Missing;
        });
    }

    private static boolean isInteger(Object value) {
        return value instanceof Long || value instanceof Integer;
    }

    private static void refuseOverflow(Number value, Number amount) {
        try {
            Math.addExact(value.longValue(), amount.longValue());
        } catch (ArithmeticException e) {
            throw new BadValueException("Failed to apply $inc operations to current value");
        }
    }

    /** The stand-in looks for the larger among doubles. */
    private void maxima() {
        for (Map.Entry<String, Object> step : of("$max").entrySet()) {
            if (StandInOrder.VALUES.compare(at(stored, step.getKey()), step.getValue()) < 0) {
                set(step.getKey(), step.getValue());
            }
        }
        update.remove("$max");
    }

    /** The stand-in keeps nanoseconds that no date has, and each field's own. */
    private void dates() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        of("$currentDate").entrySet().removeIf(step -> {
            boolean isDate = Boolean.TRUE.equals(step.getValue());
            if (isDate) {
                set(step.getKey(), now);
            }
            return isDate;
        });
    }
}
