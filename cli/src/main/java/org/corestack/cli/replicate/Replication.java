package org.corestack.cli.replicate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.corestack.cli.progress.Progress;
import org.corestack.cli.progress.ProgressView;
import org.corestack.document.Position;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.StoreClient;

/** One run, on one thread: the lists first, and what changes meanwhile in between. */
final class Replication implements AutoCloseable {
    private static final Duration INDEXES_WITHIN = Duration.ofHours(6);
    private static final Duration WAIT = Duration.ofMillis(250);
    private static final long LOOK_NANOS = Duration.ofSeconds(2).toNanos();
    private static final int INDEX_ATTEMPTS = 5;

    private final StoreClient from;
    private final StoreClient to;
    private final Plan plan;
    private final Patience patience;
    private final StopSign stop;
    private final ProgressView view;
    private final Semaphore arrivals = new Semaphore(0);
    private final List<CollectionCopy> copies = new ArrayList<>();
    private final Map<String, Ledger> ledgers = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    private final long startNanos = System.nanoTime();
    private long total;
    private long listed;
    private long changed;

    private final CollectionCopy.Meter meter = new CollectionCopy.Meter() {
        @Override
        public void listed(int documents) {
            listed += documents;
            stop.check();
            pump();
            show();
        }

        @Override
        public void changed(int documents) {
            changed += documents;
        }
    };

    /**
     * What is to be done.
     *
     * @param choice of which collections
     * @param source the source's URI without secrets
     * @param overwrite whether what the target holds may be replaced
     * @param follow whether to go on when the copy has caught up
     */
    record Plan(Choice choice, String source, boolean overwrite, boolean follow) {}

    Replication(StoreClient from, StoreClient to, Plan plan, Patience patience, StopSign stop, ProgressView view) {
        this.from = from;
        this.to = to;
        this.plan = plan;
        this.patience = patience;
        this.stop = stop;
        this.view = view;
    }

    /**
     * Looks at what there is to do, and writes nothing.
     *
     * @throws CoreException INVALID_ARGUMENT if it can't be done so
     */
    void prepare() {
        addNew();
        for (CollectionCopy copy : copies) {
            total += Pair.count(copy.pair().from());
        }
        view.note("collections: " + copies.size() + ", documents: " + total);
    }

    /** Copies, and gives what was verified once the copy has caught up. */
    Outcome run() {
        do {
            listAll();
            catchUp();
        } while (!plan.follow() && addNew());
        makeIndexes();
        catchUp();
        Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
        List<Verification.Result> results = new ArrayList<>();
        for (CollectionCopy copy : copies) {
            results.add(new Verification(copy.pair(), patience, this::catchUp).run());
        }
        Outcome outcome = new Outcome(results, listed, changed, elapsed);
        copies.forEach(CollectionCopy::save);
        if (!plan.follow() && outcome.mismatches() == 0) {
            copies.forEach(CollectionCopy::done);
        }
        return outcome;
    }

    /** Goes on writing what changes, new collections and new indexes too, until it is stopped. */
    void follow() {
        long lookedAt = System.nanoTime();
        while (true) {
            stop.check();
            if (!pump()) {
                await();
            }
            listAll();
            if (System.nanoTime() - lookedAt > LOOK_NANOS) {
                patience.until(() -> addNew());
                listAll();
                makeIndexes();
                lookedAt = System.nanoTime();
            }
        }
    }

    /** Adds the collections that are not known yet; gives whether there were some. */
    private boolean addNew() {
        List<CollectionCopy> added = new ArrayList<>();
        Start start = new Start(plan.source(), plan.overwrite());
        for (Pair pair : plan.choice().find(from, to)) {
            if (!known.contains(pair.path())) {
                Ledger ledger =
                        ledgers.computeIfAbsent(pair.store(), store -> new Ledger(to.store(store), plan.source()));
                added.add(new CollectionCopy(pair, ledger, start.of(pair, ledger), patience, arrivals));
            }
        }
        added.forEach(copy -> known.add(copy.pair().path()));
        copies.addAll(added);
        return !added.isEmpty();
    }

    private void listAll() {
        for (int i = 0; i < copies.size(); i++) {
            CollectionCopy copy = copies.get(i);
            while (!copy.isListed()) {
                copy.list(meter);
            }
        }
    }

    /** Writes what has changed; gives whether something had. */
    private boolean pump() {
        boolean some = false;
        for (CollectionCopy copy : copies) {
            some |= copy.pump(meter);
        }
        return some;
    }

    /** Returns once all is written that the source has confirmed so far. */
    private void catchUp() {
        Map<CollectionCopy, Position> ends = new HashMap<>();
        listAll();
        copies.forEach(copy -> ends.put(copy, copy.end()));
        while (!ends.entrySet().stream().allMatch(end -> end.getKey().covers(end.getValue()))) {
            stop.check();
            if (!pump()) {
                await();
            }
            listAll();
        }
    }

    private void await() {
        stop.check();
        try {
            if (arrivals.tryAcquire(WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
                arrivals.drainPermits();
            }
        } catch (InterruptedException e) {
            throw CoreException.interrupted("the copy was interrupted", e);
        }
    }

    /** What a unique index forbids may be what is not yet as the source has it. */
    private void makeIndexes() {
        for (CollectionCopy copy : copies) {
            for (int attempt = 1; ; attempt++) {
                try {
                    copy.index(INDEXES_WITHIN);
                    break;
                } catch (CoreException e) {
                    boolean forbids = e.code() == ErrorCode.FAILED_PRECONDITION || e.code() == ErrorCode.ALREADY_EXISTS;
                    if (!forbids || attempt == INDEX_ATTEMPTS) {
                        throw e;
                    }
                }
                catchUp();
            }
        }
    }

    private void show() {
        long all = Math.max(total, listed);
        view.show(new Progress(
                "documents", all, listed, listed, Duration.ofNanos(System.nanoTime() - startNanos), List.of()));
    }

    /** Saves how far the copy has come, as far as the target can be reached. */
    void save() {
        copies.forEach(CollectionCopy::save);
    }

    @Override
    public void close() {
        copies.forEach(CollectionCopy::close);
    }
}
