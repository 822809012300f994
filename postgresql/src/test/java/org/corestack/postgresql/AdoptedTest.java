package org.corestack.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.corestack.postgresql.Engines.c;
import static org.corestack.postgresql.Engines.codeOf;
import static org.corestack.postgresql.Engines.keys;
import static org.corestack.postgresql.Engines.now;
import static org.corestack.postgresql.Engines.put;
import static org.corestack.postgresql.Engines.soon;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.corestack.document.Condition;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.Index;
import org.corestack.document.Key;
import org.corestack.document.Write;
import org.corestack.errors.ErrorCode;
import org.corestack.store.spi.ChangeReader;
import org.corestack.store.spi.Deadline;
import org.corestack.store.spi.EngineConfig;
import org.corestack.store.spi.EngineTransaction;
import org.corestack.testkit.FaultyProxy;
import org.corestack.testkit.NoThreadsLeft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGSimpleDataSource;

/** A client on the user's own source of connections, with whatever settings that has. */
@ExtendWith(NoThreadsLeft.class)
class AdoptedTest {
    private String database;
    private FaultyProxy proxy;
    private HikariDataSource pool;

    @BeforeEach
    void open() {
        database = Server.freshDatabase();
        proxy = FaultyProxy.open("127.0.0.1", Server.port());
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + database);
        config.setUsername("postgres");
        config.setAutoCommit(false);
        config.setMaximumPoolSize(6);
        config.setConnectionTimeout(1_000);
        config.setValidationTimeout(500);
        pool = new HikariDataSource(config);
    }

    @AfterEach
    void close() {
        proxy.heal();
        pool.close();
        proxy.close();
    }

    private static PostgresEngine adopt(DataSource source) {
        return PostgresEngine.adopt(source, new EngineConfig("", "test", Duration.ofSeconds(10), Duration.ofHours(24)));
    }

    /** A list of names came without its type, and was taken for one name. */
    @Test
    void updatesRemoveFieldsWhereTheDriverSendsTexts() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl("jdbc:postgresql://127.0.0.1:" + Server.port() + "/" + database + "?preferQueryMode=simple");
        source.setUser("postgres");
        Key key = Key.of("k");
        try (PostgresEngine engine = adopt(source)) {
            Engines.write(c(engine), new Write.Insert(key, Document.of("a", 1L, "b", 2L)));
            Engines.write(c(engine), new Write.Merge(key, Document.of("a", 3), Set.of("b"), Condition.none()));
            assertThat(c(engine).find(key, soon()).orElseThrow().document()).isEqualTo(Document.of("a", 3));
        }
    }

    @Test
    void whatIsConfirmedStaysWhereAutoCommitIsOff() throws Exception {
        try (PostgresEngine engine = adopt(pool);
                PostgresEngine other = Engines.open(Server.uri(database))) {
            for (String key : List.of("a", "b", "c")) {
                Engines.write(c(engine), new Write.Insert(Key.of(key), Document.of("v", 1)));
            }
            Engines.write(c(engine), new Write.Replace(Key.of("a"), Document.of("v", 2), Condition.none()));
            Engines.write(c(engine), new Write.Delete(Key.of("b"), Condition.none()));
            assertThat(c(other).find(Key.of("a"), soon()).orElseThrow().document())
                    .isEqualTo(Document.of("v", 2));
            assertThat(c(other).find(Key.of("b"), soon())).isEmpty();
            assertThat(c(engine).deleteAll(Filter.compare(FieldPath.key(), Filter.Operator.EQ, "c"), soon()))
                    .isEqualTo(1);
            assertThat(c(other).find(Key.of("c"), soon())).isEmpty();
            try (ChangeReader reader = c(engine).changes().open(now(c(engine)))) {
                put(c(other), "d", 1);
                assertThat(keys(reader)).containsExactly("d");
            }
        }
        try (Connection connection = pool.getConnection()) {
            assertThat(connection.getAutoCommit()).isFalse();
        }
    }

    @Test
    void connectionsComeBackAsTheyWere() throws Exception {
        PGSimpleDataSource driver = new PGSimpleDataSource();
        driver.setUrl("jdbc:postgresql://127.0.0.1:" + Server.port() + "/" + database);
        driver.setUser("postgres");
        try (Connection one = driver.getConnection()) {
            one.setAutoCommit(false);
            one.setNetworkTimeout(Runnable::run, 12_345);
            DataSource same = source(() -> unclosed(one));
            Pool adopted = Pool.adopt(same, "same", 1);
            try (adopted) {
                adopted.read(soon(), "a read", session -> session.exists("SELECT 1"));
                assertThat(catchThrowable(() ->
                                adopted.inTransaction(soon(), "a failure", session -> session.exists("SELECT x"))))
                        .isNotNull();
                Lease lease = adopted.lease(soon(), "a transaction");
                lease.use(soon(), "a read", session -> session.exists("SELECT 1"));
                lease.close(true);
            }
            assertThat(one.getAutoCommit()).isFalse();
            assertThat(one.getNetworkTimeout()).isEqualTo(12_345);
            assertThat(Server.query(one, "SHOW transaction_isolation")).isEqualTo("read committed");
        }
    }

    private static Connection unclosed(Connection one) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    try {
                        return method.invoke(one, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private interface Source {
        Connection get() throws Exception;
    }

    private static DataSource source(Source connections) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        return connections.get();
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void aSilentServerIsGivenUp() {
        try (PostgresEngine engine = adopt(pool)) {
            put(c(engine), "k", 1);
            proxy.stall();
            Throwable read = catchThrowable(() -> c(engine).find(Key.of("k"), Deadline.in(Duration.ofMillis(500))));
            assertThat(codeOf(read)).as("%s", read).isIn(ErrorCode.DEADLINE_EXCEEDED, ErrorCode.RESOURCE_EXHAUSTED);
            proxy.heal();
        }
    }

    @Test
    void aPoolThatIsUsedUpIsNamed() throws Exception {
        try (PostgresEngine engine = adopt(pool)) {
            put(c(engine), "k", 1);
            Connection[] all = new Connection[6];
            for (int i = 0; i < all.length; i++) {
                all[i] = pool.getConnection();
            }
            Throwable none = catchThrowable(() -> c(engine).find(Key.of("k"), Deadline.in(Duration.ofMillis(500))));
            for (Connection one : all) {
                one.close();
            }
            assertThat(codeOf(none)).as("%s", none).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
            try (EngineTransaction open = engine.store("s").begin(soon())) {
                assertThat(open.collection("c").find(Key.of("k"), soon())).isPresent();
            }
        }
    }

    @Test
    void noErrorShowsValues() {
        try (PostgresEngine engine = adopt(pool)) {
            put(c(engine), "k", "alice@example.org");
            Index unique = Index.on(FieldPath.of("v")).asUnique();
            c(engine).ensureIndexes(List.of(unique), soon());
            Throwable taken = catchThrowable(() -> put(c(engine), "l", "alice@example.org"));
            assertThat(codeOf(taken)).isEqualTo(ErrorCode.ALREADY_EXISTS);
            put(engine.store("s").collection("d"), "k", "alice@example.org");
            put(engine.store("s").collection("d"), "l", "alice@example.org");
            Throwable unmade =
                    catchThrowable(() -> engine.store("s").collection("d").ensureIndexes(List.of(unique), soon()));
            assertThat(codeOf(unmade)).isEqualTo(ErrorCode.FAILED_PRECONDITION);
            for (Throwable error : List.of(taken, unmade)) {
                StringWriter text = new StringWriter();
                error.printStackTrace(new PrintWriter(text));
                assertThat(text.toString()).doesNotContain("alice").contains("org.postgresql.util.PSQLException");
            }
        }
    }

    @Test
    void whatASourceThrowsEndsNoThread() {
        AtomicInteger failing = new AtomicInteger();
        AtomicInteger asked = new AtomicInteger();
        DataSource odd = source(() -> {
            if (Thread.currentThread().getName().startsWith("corestack-keeper")) {
                asked.incrementAndGet();
                if (failing.get() > 0) {
                    failing.decrementAndGet();
                    if (failing.get() == 0) {
                        throw new StackOverflowError("odd");
                    }
                    throw new IllegalStateException("odd");
                }
            }
            return pool.getConnection();
        });
        try (PostgresEngine engine = adopt(odd)) {
            put(c(engine), "k", 1);
            await().until(() -> asked.get() > 0);
            failing.set(2);
            await().until(() -> {
                put(c(engine), "k", 1); // is to be told to others
                return failing.get() == 0;
            });
            int before = asked.get();
            await().until(() -> {
                put(c(engine), "k", 1);
                return asked.get() > before;
            });
        }
    }
}
