package org.corestack.table;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.corestack.document.Change;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Key;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/**
 * Makes of changes what is logged of them. Immutable.
 *
 * @param path the names of store and collection
 * @param reader makes an entry of a document
 * @param writer makes a document of an entry again, without what the type calls secret
 * @param secrets what else is secret
 * @param text how an entry is told, if its type says so
 */
record EventForm<E>(
        String path,
        Reader<E> reader,
        Writer<E> writer,
        List<FieldPath> secrets,
        @Nullable Function<? super E, String> text) {
    /** Copies the list. */
    EventForm {
        secrets = List.copyOf(secrets);
    }

    /** Makes an entry of a document; UNSUPPORTED if it does not fit. */
    interface Reader<E> {
        E read(Key key, Document document);
    }

    /** Makes a document of an entry. */
    interface Writer<E> {
        Document write(Key key, E value);
    }

    Event of(Change change) {
        E value;
        Document shown;
        Document before;
        try {
            value = read(change, change.document());
            shown = show(change, value);
            before = show(change, read(change, change.before()));
        } catch (CoreException e) {
            return event(change, null, null, null, true); // nobody can say what in it is secret
        }
        String told = value == null || text == null ? null : text.apply(value);
        return event(change, before, shown, told, false);
    }

    private @Nullable E read(Change change, @Nullable Document document) {
        return document == null ? null : reader.read(change.key(), document);
    }

    private @Nullable Document show(Change change, @Nullable E value) {
        return value == null ? null : hide(writer.write(change.key(), value));
    }

    private Event event(
            Change change,
            @Nullable Document before,
            @Nullable Document document,
            @Nullable String told,
            boolean unreadable) {
        return new Event(
                path,
                change.key(),
                change.operation(),
                change.version(),
                change.time(),
                change.source(),
                change.position(),
                before,
                document,
                told,
                unreadable);
    }

    private @Nullable Document hide(@Nullable Document document) {
        Document hidden = document;
        for (FieldPath secret : secrets) {
            hidden = hidden == null ? null : hide(hidden, secret.names());
        }
        return hidden;
    }

    private static Document hide(Document document, List<String> names) {
        Document.Builder shown = Document.builder();
        for (String name : document.names()) {
            Object value = document.get(name);
            shown.put(name, name.equals(names.get(0)) ? hideValue(value, names.subList(1, names.size())) : value);
        }
        return shown.build();
    }

    private static @Nullable Object hideValue(@Nullable Object value, List<String> rest) {
        if (value instanceof List<?> list && !rest.isEmpty()) {
            List<@Nullable Object> shown = new ArrayList<>();
            list.forEach(element -> shown.add(hideValue(element, rest)));
            return shown;
        }
        if (rest.isEmpty()) {
            return SecretModule.HIDDEN;
        }
        return value instanceof Document document ? hide(document, rest) : value;
    }
}
