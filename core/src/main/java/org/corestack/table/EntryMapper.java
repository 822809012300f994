package org.corestack.table;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Key;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/** Maps the entries of one table to documents and back. Thread-safe. */
final class EntryMapper<E> {
    private final String table;
    private final Class<E> type;
    private final EntryShape shape;
    private final DocumentMapper mapper;
    private final ObjectWriter writer;
    private final ObjectReader reader;
    private final FieldResolver fields;
    private final Set<String> known;

    /** A mapper of a type; INVALID_ARGUMENT if it can't be kept as documents. */
    EntryMapper(String table, Class<E> type, EntryShape shape) {
        this.table = table;
        this.type = type;
        this.shape = shape;
        this.mapper = DocumentMapper.forEntries(shape);
        JavaType root = mapper.type(type);
        this.fields = FieldResolver.ofEntries(mapper, root);
        try {
            ModuleAccess.check(type);
            TypeProperties properties = mapper.properties(root);
            if (properties.isScalarOrList()) {
                throw CoreException.invalidArgument("it is not written as an object with fields; wrap it in a record");
            }
            if (mapper.isBlank(root)) {
                throw CoreException.invalidArgument(
                        "it has no property that Jackson sees; make it a record or give it" + " getters");
            }
            this.known = Set.copyOf(properties.names());
            this.writer = mapper.writer(root);
            this.reader = mapper.reader(root);
        } catch (RuntimeException e) {
            throw new CoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the entries of " + table + " can't be of the type " + type.getName() + ": " + e.getMessage(),
                    e);
        }
    }

    FieldResolver fields() {
        return fields;
    }

    /** The whole document of an entry. */
    Document toDocument(Key key, E value) {
        try {
            if (mapper.write(value, writer) instanceof Document document) {
                return document;
            }
            throw CoreException.invalidArgument("it is not written as an object with fields");
        } catch (RuntimeException e) { // of the user's own code too
            throw MappingErrors.unwritable("the entry " + key + " of " + table, e);
        }
    }

    /** Makes the documents of entries that are logged: without what the type calls secret. */
    EventForm.Writer<E> forEvents() {
        DocumentMapper events = DocumentMapper.forEvents(shape);
        ObjectWriter shown = events.writer(events.type(type));
        return (key, value) -> {
            try {
                return events.write(value, shown) instanceof Document document ? document : Document.empty();
            } catch (RuntimeException e) { // of the user's own code too
                throw MappingErrors.unwritable("the entry " + key + " of " + table, e);
            }
        };
    }

    /** What an update with an entry sets, and what it removes: all that the type knows and the entry has not. */
    Update toUpdate(Key key, E value) {
        Document whole = toDocument(key, value);
        Document.Builder set = Document.builder();
        Set<String> unset = new LinkedHashSet<>(known);
        whole.asMap().forEach((name, field) -> {
            if (field == null) {
                unset.add(name);
            } else {
                set.put(name, field);
                unset.remove(name);
            }
        });
        return new Update(set.build(), unset);
    }

    /** The entry that a document stands for; UNSUPPORTED if the type can't read it. */
    E toValue(Key key, Document document) {
        String what = "the document " + key + " of " + table;
        Object value;
        try {
            value = mapper.read(document, reader);
        } catch (RuntimeException e) { // of the user's constructors too
            throw MappingErrors.unreadable(what, type, document, e);
        }
        if (value == null) {
            throw new CoreException(ErrorCode.UNSUPPORTED, what + " was read as null by the code of " + type.getName());
        }
        return type.cast(value);
    }

    /** The entry that some fields of a document stand for; UNSUPPORTED if the type refuses to be without the others. */
    E toValue(Key key, Document some, List<FieldPath> only) {
        try {
            return toValue(key, some);
        } catch (CoreException e) {
            throw new CoreException(
                    e.code(),
                    e.getMessage() + "; only " + only + " was asked for: the type must do without the other fields",
                    e);
        }
    }

    /** An update of some fields: {@code unset} has none of those in {@code set}. */
    record Update(Document set, Set<String> unset) {}
}
