package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.Key;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.ClientOptions;
import org.corestack.store.Store;
import org.corestack.store.StoreClient;
import org.corestack.store.StoreCollection;
import org.corestack.store.spi.Capability;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the steps of the contract share: a fresh database, a client on it, and ways to say what is expected. */
@ExtendWith({NoThreadsLeft.class, SkipsDeclared.class})
abstract class ContractBase {
    static final Condition ALWAYS = Condition.none();
    /** How long the contract waits for what must happen; long, as machines that build are busy. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<StoreClient> clients = new ArrayList<>();
    private String uri = "";
    private StoreClient client;
    private StoreCollection things;

    /**
     * The URI of a database that is new and empty at each call, and of which nobody else knows. The contract opens it with one or more clients,
     * and closes them all before the test ends; to remove the database is the subclass's part.
     */
    protected abstract String freshDatabase();

    /** What the engine's clients must declare. */
    protected abstract Set<Capability> capabilities();

    /**
     * The tests of the contract that this engine can't pass, by the name of the method, each with the reason. They are
     * skipped with it.
     */
    protected Map<String, String> skips() {
        return Map.of();
    }

    /** Reads the engine's plans; by default nothing does, and the tests of plans are skipped. */
    protected Optional<PlanReader> planReader() {
        return Optional.empty();
    }

    /** Gives the engine's native handles; by default nothing does, and the tests on them are skipped. */
    protected Optional<NativeAccess> nativeAccess() {
        return Optional.empty();
    }

    /** Whether other processes can open the databases that {@link #freshDatabase} names; by default not. */
    protected boolean opensInOtherProcesses() {
        return false;
    }

    /** Whether a watch from the position of a write within a transaction may tell that transaction's writes again; by default not. */
    protected boolean tellsTransactionsAgain() {
        return false;
    }

    /** How long a document may stay that has expired; by default that of all waiting here. */
    protected Duration expiryPatience() {
        return PATIENCE;
    }

    /**
     * The tests that this class skips, by the name of the method, each with the reason: those of {@link #skips}, and those
     * that need what the engine does not declare or this class does not give. No other test is skipped, and a test of an
     * engine can assert this list.
     */
    public final SortedMap<String, String> skipped() {
        SortedMap<String, String> skipped = new TreeMap<>();
        Map<String, String> own = skips();
        SkipsDeclared.tests(getClass()).forEach((name, method) -> {
            Need.Of need = method.getAnnotation(Need.Of.class);
            if (own.containsKey(name)) {
                skipped.put(name, own.get(name));
            } else if (need != null && !has(need.value())) {
                skipped.put(name, need.value().otherwise());
            }
        });
        return skipped;
    }

    private boolean has(Need need) {
        boolean transactions = capabilities().contains(Capability.TRANSACTIONS);
        return switch (need) {
            case TRANSACTIONS -> transactions;
            case SERIALIZABLE_TRANSACTIONS -> capabilities().contains(Capability.SERIALIZABLE_TRANSACTIONS);
            case EXACT_SNAPSHOTS -> capabilities().contains(Capability.EXACT_SNAPSHOT);
            case EXACT_IMAGES -> capabilities().contains(Capability.EXACT_IMAGES);
            case OWN_HANDLES -> nativeAccess().isPresent();
            case OWN_TRANSACTIONS -> transactions && nativeAccess().isPresent();
            case PLANS -> planReader().isPresent();
            case PROCESSES -> opensInOtherProcesses();
        };
    }

    @Test
    void whatIsSkippedIsATestAndHasAReason() {
        assertThat(skips().keySet()).isSubsetOf(SkipsDeclared.tests(getClass()).keySet());
        assertThat(skips().values()).noneMatch(String::isBlank);
    }

    @BeforeEach
    void openFreshDatabase() {
        uri = freshDatabase();
        client = openClient("contract");
        things = store().collection("things");
    }

    @AfterEach
    void closeClients() {
        clients.forEach(StoreClient::close);
    }

    /** The URI of this test's database. */
    final String uri() {
        return uri;
    }

    /** Another client on this test's database, closed after the test. */
    final StoreClient openClient(String source) {
        return openClient(uri, source);
    }

    final StoreClient openClient(String database, String source) {
        StoreClient opened = StoreClient.open(
                database, ClientOptions.ofDefaults().withSource(source).withTimeout(PATIENCE));
        clients.add(opened);
        return opened;
    }

    final StoreClient client() {
        return client;
    }

    final Store store() {
        return client.store("contract");
    }

    /** The collection that most tests use. */
    final StoreCollection things() {
        return things;
    }

    /** The same collection as another client sees it. */
    static StoreCollection thingsOf(StoreClient other) {
        return other.store("contract").collection("things");
    }

    static Key key(Object value) {
        return Key.of(value);
    }

    static Document doc(String name, @Nullable Object value) {
        return Document.of(name, value);
    }

    static void assertFails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CoreException.class,
                        error -> assertThat(error.code())
                                .as("the code of: %s", error.getMessage())
                                .isEqualTo(code));
    }

    /** The code that a call fails with; null if it does not fail. */
    static @Nullable ErrorCode codeOf(ThrowingCallable call) {
        Throwable error = catchThrowable(call);
        return error == null ? null : ErrorCode.of(error);
    }

    /** Waits until a condition holds, and fails if it does not within {@link #PATIENCE}. */
    static void awaitThat(String what, BooleanSupplier condition) {
        Await.until(what, PATIENCE, condition);
    }

    /** Runs all at once on threads of their own, and gives what each came to, in order. */
    static <T> List<T> together(List<Callable<T>> calls) {
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            List<Future<T>> futures = new ArrayList<>();
            calls.forEach(call -> futures.add(threads.submit(call)));
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get(4 * PATIENCE.toSeconds(), TimeUnit.SECONDS));
            }
            return results;
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("the threads of the test did not end", e);
        } finally {
            threads.shutdownNow();
        }
    }

    /** The same call on several threads at once. */
    static <T> List<T> together(int threads, Callable<T> call) {
        List<Callable<T>> calls = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            calls.add(call);
        }
        return together(calls);
    }
}
