package org.corestack.cli.replicate;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.StoredDocument;
import org.corestack.errors.CoreException;
import org.jspecify.annotations.Nullable;

/** Looks at a target before anything is written: what can be gone on with, and what must not be touched. */
final class Start {
    private final String from;
    private final boolean overwrite;

    /**
     * A look.
     *
     * @param from the source's URI without secrets
     * @param overwrite whether documents that are there may be replaced and deleted
     */
    Start(String from, boolean overwrite) {
        this.from = from;
        this.overwrite = overwrite;
    }

    /**
     * Where to begin with a copy; null for at the beginning.
     *
     * @throws CoreException INVALID_ARGUMENT if the target holds something that must not be lost
     */
    Ledger.@Nullable Row of(Pair pair, Ledger ledger) {
        refuseItself(pair);
        refuseClash(pair);
        Optional<Ledger.Row> found = ledger.find(pair.from().name());
        if (found.isPresent() && found.get().phase() != Ledger.Phase.DONE && isOurs(pair, found.get())) {
            return found.get();
        }
        if (isEmpty(pair)) {
            return null;
        }
        if (!overwrite) {
            throw CoreException.invalidArgument("the target's collection " + pair.path() + " is not empty"
                    + found.map(Start::why).orElse("")
                    + "; --overwrite makes it equal to the source's, and what differs in it is lost");
        }
        return new Ledger.Row(from, Ledger.Phase.COMPARE, pair.from().position());
    }

    private static String why(Ledger.Row row) {
        return row.phase() == Ledger.Phase.DONE
                ? ": it is a finished copy of " + row.from()
                : ": it is the unfinished copy of another database, " + row.from();
    }

    private boolean isOurs(Pair pair, Ledger.Row row) {
        return row.from().equals(from) || pair.from().covers(pair.from().position(), row.position());
    }

    private static boolean isEmpty(Pair pair) {
        try (Stream<StoredDocument> some =
                pair.to().stream(Filter.all(), FindOptions.ofDefaults().limit(1))) {
            return some.findFirst().isEmpty();
        }
    }

    /** Two ways to spell one database; seen by its positions, which no other has. */
    private static void refuseItself(Pair pair) {
        if (pair.from().covers(pair.from().position(), pair.to().position())) {
            throw CoreException.invalidArgument(
                    "the target is the source itself, or a copy of its files: " + pair.path() + " is the same in both");
        }
    }

    private static void refuseClash(Pair pair) {
        List<Index> theirs = pair.to().indexes();
        for (Index index : pair.from().indexes()) {
            for (Index other : theirs) {
                boolean alike = other.named(index.name()).equals(index);
                boolean sameName = other.name().equalsIgnoreCase(index.name());
                boolean same = alike && other.name().equals(index.name());
                if (!same && (sameName || (other.terms().equals(index.terms()) && !alike))) {
                    throw CoreException.invalidArgument("the target's collection " + pair.path() + " has the index "
                            + other.name() + ", which clashes with the source's " + index.name()
                            + "; drop it, or name another target");
                }
            }
        }
    }
}
