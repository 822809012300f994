package org.corestack.mongodb;

import com.mongodb.MongoException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bson.RawBsonDocument;
import org.corestack.document.Aggregation;
import org.corestack.document.Aggregation.Group;
import org.corestack.document.Aggregation.Measure;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.StoredDocument;
import org.corestack.errors.CoreException;
import org.corestack.store.spi.Cursor;
import org.corestack.store.spi.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * Counts and adds up: by a pipeline of the servers wherever that comes to what is meant. What it does not, such as sums of
 * decimals of more digits than theirs have and the order of bytes, shows in its answer; then the fields that matter are
 * read, at the same moment, and added up here.
 */
final class Aggregates {
    private final Link link;
    private final Scope scope;
    private final CollectionName name;

    Aggregates(Link link, Scope scope, CollectionName name) {
        this.link = link;
        this.scope = scope;
        this.name = name;
    }

    List<Group> of(Filter filter, Aggregation aggregation, Deadline deadline) {
        if (scope != link || !link.hasSessions()) {
            return of(scope, filter, aggregation, deadline);
        }
        Doing doing = Doing.read("adding up documents of " + name);
        while (true) {
            try (ReadMoment moment = link.translating(doing, deadline, () -> ReadMoment.of(link, deadline))) {
                return of(moment, filter, aggregation, deadline);
            } catch (CoreException e) {
                if (!isTransient(e) || deadline.isExpired()) {
                    throw e;
                }
            }
        }
    }

    /** Whether another moment may do: that of the reads is too old, or there was an election. */
    private static boolean isTransient(CoreException e) {
        MongoException cause = MongoErrors.cause(e, MongoException.class);
        return MongoErrors.isMomentGone(e)
                || (cause != null && cause.hasErrorLabel(MongoException.TRANSIENT_TRANSACTION_ERROR_LABEL));
    }

    private List<Group> of(Scope moment, Filter filter, Aggregation aggregation, Deadline deadline) {
        if (link.hasSessions() && FilterBson.isExact(filter)) {
            Optional<List<Group>> groups = there(moment, filter, aggregation, deadline);
            if (groups.isPresent()) {
                return groups.get();
            }
        }
        return aggregation.of(list(moment, filter, aggregation, deadline));
    }

    private Optional<List<Group>> there(Scope moment, Filter filter, Aggregation aggregation, Deadline deadline) {
        Doing doing = Doing.read("adding up documents of " + name);
        GroupPipeline pipeline = new GroupPipeline(aggregation);
        return moment.run(doing, deadline, call -> {
            List<Group> groups = new ArrayList<>();
            boolean exact = true;
            try (var found = call.raw(name)
                    .aggregate(call.session(), pipeline.stages(filter), RawBsonDocument.class)
                    .allowDiskUse(true)
                    .cursor()) {
                while (exact && found.hasNext()) {
                    Group group = pipeline.group(found.next());
                    exact = group != null && groups.add(group);
                }
            }
            if (!exact) {
                return Optional.empty();
            }
            boolean ofNone = groups.isEmpty() && aggregation.by().isEmpty();
            return Optional.of(ofNone ? aggregation.of(List.of()) : groups);
        });
    }

    /** The documents, of each what is grouped by and measured. */
    private List<StoredDocument> list(Scope moment, Filter filter, Aggregation aggregation, Deadline deadline) {
        Set<FieldPath> fields = new LinkedHashSet<>();
        aggregation.by().forEach(path -> addField(fields, path));
        for (Measure measure : aggregation.measures()) {
            addField(fields, measure.path());
        }
        FindOptions options = FindOptions.ofDefaults();
        List<StoredDocument> all = new ArrayList<>();
        try (Cursor cursor = new ListCursor(
                moment, name, filter, fields.isEmpty() ? options : options.only(List.copyOf(fields)), null)) {
            List<StoredDocument> batch = cursor.next(deadline);
            while (!batch.isEmpty()) {
                all.addAll(batch);
                batch = cursor.next(deadline);
            }
        }
        return all;
    }

    private static void addField(Set<FieldPath> fields, @Nullable FieldPath path) {
        if (path != null && path.root() == FieldPath.Root.DOCUMENT) {
            fields.add(path);
        }
    }
}
