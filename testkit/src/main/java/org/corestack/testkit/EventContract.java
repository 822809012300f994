package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.corestack.document.Change;
import org.corestack.document.Document;
import org.corestack.document.FieldPath;
import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.document.Index;
import org.corestack.document.Patch;
import org.corestack.document.Position;
import org.corestack.document.StoredDocument;
import org.corestack.document.Written;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.StoreCollection;
import org.corestack.store.Watch;
import org.corestack.store.WatchOptions;
import org.corestack.table.EventLogger;
import org.corestack.table.Fields;
import org.corestack.table.Secret;
import org.corestack.table.Table;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** What an event logger writes, and when it stops. */
abstract class EventContract extends ProcessContract {
    private static final String TOKEN = "s3cr3t";

    /** An entry with secrets at several depths. */
    public record Account(
            String name, @Secret String password, List<Card> cards, Map<String, Card> byName, String note) {}

    /** A part of an entry. */
    public record Card(String bank, @Secret String number) {}

    private static Account account(String name) {
        Card card = new Card("bank", TOKEN);
        return new Account(name, TOKEN, List.of(card, card), Map.of("first", card), "note of " + TOKEN);
    }

    private static Document secretDocument() {
        return Document.of(
                "password",
                Document.of("is", TOKEN),
                "cards",
                List.of(Document.of("number", TOKEN), 1, Document.of("bank", "b")));
    }

    private StoreCollection trail() {
        return store().collection("trail");
    }

    private List<Document> events() {
        return trail().findMany(Filter.all(), FindOptions.ofDefaults()).stream()
                .map(StoredDocument::document)
                .toList();
    }

    private static void awaitWritten(EventLogger logger, Position end) {
        awaitThat("the events are written", () -> logger.covers(end));
    }

    /** Collects the lines that are logged. */
    private static Logger lines(List<String> lines) {
        return (Logger) Proxy.newProxyInstance(
                EventContract.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("info")) {
                        lines.add(String.valueOf(arguments[1]));
                    }
                    return method.getReturnType() == boolean.class ? true : null;
                });
    }

    @Test
    void aTrailTellsWhatHappenedToWhichDocument() {
        try (EventLogger logger = EventLogger.of(store(), "things").toTrail(store(), "trail")) {
            Written inserted = things().insert(key("a"), doc("v", 1));
            awaitWritten(logger, inserted.position());
            Written changed = things().patch(key("a"), Patch.increment(V, 1), ALWAYS);
            awaitWritten(logger, changed.position());
            Written deleted = things().delete(key("a"), ALWAYS).orElseThrow();
            awaitWritten(logger, deleted.position());
            logger.checkHealth();
            List<Document> events = events();
            assertThat(events)
                    .extracting(event -> event.get("operation"))
                    .containsExactly("insert", "update", "delete");
            assertThat(events)
                    .extracting(event -> event.get("version"))
                    .containsExactly(inserted.version(), changed.version(), deleted.version());
            assertThat(events)
                    .extracting(event -> event.get("document"))
                    .containsExactly(doc("v", 1), doc("v", 2), null);
            assertThat(events).allSatisfy(event -> {
                assertThat(event.get("of")).isEqualTo("contract.things");
                assertThat(event.get("key")).isEqualTo("a");
                assertThat(event.get("time")).isInstanceOf(Instant.class);
            });
            assertThat(events.get(0).get("source")).isEqualTo("contract");
        }
    }

    @Test
    @Need.Of(Need.EXACT_IMAGES)
    void aTrailHasWhatWasBeforeWhereThatIsKept() {
        things().keepImages(true);
        try (EventLogger logger = EventLogger.of(store(), "things")
                .images()
                .secret(FieldPath.of("s"))
                .toTrail(store(), "trail")) {
            things().insert(key("a"), Document.of("v", 1, "s", TOKEN));
            things().patch(key("a"), Patch.increment(V, 1), ALWAYS);
            awaitWritten(logger, things().delete(key("a"), ALWAYS).orElseThrow().position());
        }
        Document one = Document.of("v", 1, "s", "<hidden>");
        Document two = Document.of("v", 2, "s", "<hidden>");
        assertThat(events()).extracting(event -> event.get("before")).containsExactly(null, one, two);
        assertThat(events()).extracting(event -> event.get("document")).containsExactly(one, two, null);
    }

    @Test
    void aTrailGoesOnWhereItEnded() {
        List<Long> versions = new ArrayList<>();
        versions.add(things().insert(key("before"), doc("v", 0)).version());
        for (int run = 0; run < 3; run++) {
            try (EventLogger logger = EventLogger.of(store(), "things").toTrail(store(), "trail")) {
                versions.add(things().insert(key("in " + run), doc("v", run)).version());
                Written last = things().upsert(key("again"), doc("v", run), java.util.Set.of());
                versions.add(last.version());
                awaitWritten(logger, last.position());
            }
            versions.add(things().insert(key("between " + run), doc("v", run)).version());
        }
        try (EventLogger logger = EventLogger.of(store(), "things").toTrail(store(), "trail")) {
            awaitWritten(logger, things().position());
        }
        versions.remove(0); // from before the trail was begun
        assertThat(events()).extracting(event -> event.get("version")).isEqualTo(List.copyOf(versions));
    }

    /** As after a crash: events are written behind the position that is kept. */
    @Test
    void whatIsWrittenAgainIsInTheTrailOnce() {
        Position begin = things().position();
        List<Written> written = new ArrayList<>();
        try (EventLogger logger = EventLogger.of(store(), "things").toTrail(store(), "trail")) {
            for (int i = 0; i < 20; i++) {
                written.add(things().insert(key(i), doc("v", i)));
            }
            awaitWritten(logger, written.get(19).position());
        }
        StoreCollection positions = store().collection(EventLogger.POSITIONS);
        StoredDocument row =
                positions.findMany(Filter.all(), FindOptions.ofDefaults()).get(0);
        positions.replace(row.key(), Document.of("position", begin.text()), ALWAYS);
        try (EventLogger logger = EventLogger.of(store(), "things").toTrail(store(), "trail")) {
            Written last = things().insert(key("last"), doc("v", 0));
            written.add(last);
            awaitWritten(logger, last.position());
        }
        assertThat(events())
                .extracting(event -> event.get("version"))
                .isEqualTo(written.stream().map(Written::version).toList());
    }

    @Test
    void aLoggerStartsBehindAPosition() {
        things().insert(key("before"), doc("v", 1));
        Position from = things().position();
        things().insert(key("behind"), doc("v", 2));
        try (EventLogger logger = EventLogger.of(store(), "things").from(from).toTrail(store(), "trail")) {
            awaitWritten(logger, things().position());
        }
        assertThat(events()).extracting(event -> event.get("key")).containsExactly("behind");
    }

    @Test
    void aLoggerStartsAtATime() {
        Position start = things().position();
        Heard heard = new Heard();
        Instant since;
        try (Watch watch = things().watch(WatchOptions.ofDefaults(), heard)) {
            things().insert(key(0), doc("v", 0));
            heard.awaitChanges(1);
            Instant first = heard.changes.get(0).time();
            for (int i = 1; last(heard).time().equals(first); i++) { // a clock may tell seconds alone
                things().insert(key(i), doc("v", i));
                heard.awaitChanges(i + 1);
                Await.pause(Duration.ofMillis(5));
            }
            since = last(heard).time();
            int count = heard.changes.size();
            things().insert(key("behind"), doc("v", -1));
            heard.awaitChanges(count + 1);
            assertThat(watch.covers(start)).isTrue();
        }
        List<String> wanted = heard.changes.stream()
                .filter(change -> !change.time().isBefore(since))
                .map(change -> String.valueOf(change.key().value()))
                .toList();
        assertThat(wanted).hasSizeBetween(2, heard.changes.size() - 1);
        try (EventLogger logger = EventLogger.of(store(), "things").from(since).toTrail(store(), "trail")) {
            awaitWritten(logger, things().position());
        }
        assertThat(events())
                .extracting(event -> String.valueOf(event.get("key")))
                .containsExactlyInAnyOrderElementsOf(wanted);
        Heard again = new Heard();
        try (Watch watch = things().watch(WatchOptions.ofDefaults().withFrom(things().position(since)), again)) {
            awaitThat("the watch covers it all", () -> watch.covers(last(heard).position()));
        }
        assertThat(again.told())
                .endsWith(heard.told()
                        .subList(heard.changes.size() - wanted.size(), heard.changes.size())
                        .toArray(String[]::new));
    }

    private static Change last(Heard heard) {
        return heard.changes.get(heard.changes.size() - 1);
    }

    @Test
    void aLoggerFromATimeThatIsToComeStartsNow() {
        things().insert(key("before"), doc("v", 1));
        Heard heard = new Heard();
        Position soon = things().position(Instant.now().plus(Duration.ofDays(1)));
        try (Watch watch = things().watch(WatchOptions.ofDefaults().withFrom(soon), heard)) {
            Written behind = things().insert(key("behind"), doc("v", 2));
            awaitThat("the watch covers the write", () -> watch.covers(behind.position()));
        }
        assertThat(heard.told()).containsExactly("INSERT behind");
    }

    @Test
    void secretsAreNeverWritten() {
        Table<String, Account> accounts = Table.open(store(), "accounts", String.class, Account.class);
        List<String> lines = new CopyOnWriteArrayList<>();
        try (EventLogger toTrail = EventLogger.of(accounts)
                        .secret(Fields.field(Account::note))
                        .text(account -> "account of " + account.name())
                        .toTrail(store(), "trail");
                EventLogger toLog = EventLogger.of(accounts)
                        .secret(Fields.field(Account::note))
                        .toLog(lines(lines));
                EventLogger ofDocuments = EventLogger.of(store(), "things")
                        .secret(FieldPath.of("cards.number"))
                        .secret(FieldPath.of("password"))
                        .toTrail(store(), "trail")) {
            Written last = accounts.insert("a", account("Ada"));
            Written other = things().insert(key("a"), secretDocument());
            // What does not fit the type is not shown at all: it may be a secret under another name.
            Written unknown = accounts.collection().insert(key("b"), Document.of("name", 1, "passphrase", TOKEN));
            awaitWritten(toTrail, unknown.position());
            awaitWritten(toLog, unknown.position());
            awaitWritten(ofDocuments, other.position());
            assertThat(accounts.find("a")).contains(account("Ada"));
            assertThat(last.version()).isPositive();
        }
        assertThat(trail().count(Filter.all())).isEqualTo(3);
        assertThat(events())
                .allSatisfy(event -> assertThat(event.asMap().toString()).doesNotContain(TOKEN));
        assertThat(events())
                .anySatisfy(event -> assertThat(event.get("text")).isEqualTo("account of Ada"))
                .anySatisfy(event -> assertThat(event.get("leftOut")).isEqualTo("it does not fit the type"))
                .anySatisfy(event -> assertThat(event.asMap().toString()).contains("<hidden>", "bank"));
        assertThat(lines).hasSize(2).allSatisfy(line -> assertThat(line).doesNotContain(TOKEN));
        assertThat(lines.get(0))
                .startsWith("insert contract.accounts key a version ")
                .contains("Ada", "<hidden>");
    }

    @Test
    void anEventIsOneLineOfALog() {
        List<String> lines = new CopyOnWriteArrayList<>();
        try (EventLogger logger = EventLogger.of(store(), "things").toLog(lines(lines))) {
            Written last = things().insert(key("a\ninsert b"), doc("v", "x\r\n\u2028delete c"));
            awaitWritten(logger, last.position());
        }
        assertThat(lines).hasSize(1);
        assertThat(lines.get(0).lines()).hasSize(1);
        assertThat(lines.get(0)).contains("\\u000a", "\\u2028").doesNotContain("\u2028");
    }

    /** A document that has no room, or is too deep, within an event. */
    @Test
    void anEventWhoseDocumentIsTooLargeIsWrittenWithoutIt() {
        try (EventLogger logger = EventLogger.of(store(), "things").toTrail(store(), "trail")) {
            Document deep = Document.empty();
            for (int level = 1; level < 100; level++) {
                deep = Document.of("a", deep);
            }
            things().insert(key("deep"), deep);
            Written last = things().insert(key("large"), doc("v", "x".repeat(Document.MAX_SIZE - 100)));
            awaitWritten(logger, last.position());
        }
        assertThat(events())
                .extracting(event -> event.get("leftOut"))
                .containsOnly("it is too large")
                .hasSize(2);
    }

    @Test
    void aTrailThatCannotBeWrittenStopsTheLoggerBeforeTheEvent() {
        trail().ensureIndex(Index.on(FieldPath.of("document.v")).asUnique());
        trail().insert(key("in the way"), doc("document", doc("v", 2)));
        AtomicReference<CoreException> heard = new AtomicReference<>();
        Written second;
        try (EventLogger logger = EventLogger.of(store(), "things")
                .attempts(2)
                .onStopped(heard::set)
                .toTrail(store(), "trail")) {
            Written first = things().insert(key(1), doc("v", 1));
            awaitWritten(logger, first.position());
            second = things().insert(key(2), doc("v", 2));
            awaitThat("the logger has stopped", () -> heard.get() != null);
            assertThat(logger.covers(second.position())).isFalse();
            assertThat(catchThrowable(logger::checkHealth)).hasMessageContaining("contract.things has stopped");
        }
        assertThat(trail().count(Filter.all()))
                .as("the first, and what is in the way")
                .isEqualTo(2);
        trail().delete(key("in the way"), ALWAYS);
        try (EventLogger again = EventLogger.of(store(), "things").toTrail(store(), "trail")) {
            awaitWritten(again, second.position());
        }
        assertThat(events()).extracting(event -> event.get("key")).containsExactly(1L, 2L);
    }

    @Test
    void aHistoryThatIsGoneStopsTheLogger() {
        AtomicReference<CoreException> heard = new AtomicReference<>();
        things().insert(key(1), doc("v", 1));
        try (EventLogger logger = EventLogger.of(store(), "things")
                .from(new Position("of no feed"))
                .onStopped(heard::set)
                .toTrail(store(), "trail")) {
            awaitThat("the logger has stopped", () -> heard.get() != null);
            assertFails(ErrorCode.DATA_LOSS, logger::checkHealth);
        }
        assertThat(events()).isEmpty();
    }

    @Test
    void aTrailHasARetention() {
        EventLogger.of(store(), "things")
                .retention(Duration.ofDays(365))
                .toTrail(store(), "trail")
                .close();
        assertThat(trail().indexes()).singleElement().satisfies(index -> {
            assertThat(index.expireAfter()).isEqualTo(Duration.ofDays(365));
            assertThat(index.paths()).containsExactly(FieldPath.of("time"));
        });
        assertFails(
                ErrorCode.ALREADY_EXISTS,
                () -> EventLogger.of(store(), "things")
                        .retention(Duration.ofDays(7))
                        .toTrail(store(), "trail"));
    }

    @Test
    void whatALoggerCannotDoIsRefused() {
        Table<String, Account> accounts = Table.open(store(), "accounts", String.class, Account.class);
        assertFails(
                ErrorCode.INVALID_ARGUMENT,
                () -> EventLogger.of(store(), "things").toTrail(store(), "things"));
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> EventLogger.of(accounts).secret(accounts.key()));
        assertFails(ErrorCode.INVALID_ARGUMENT, () -> EventLogger.of(accounts).attempts(0));
        assertFails(
                ErrorCode.INVALID_ARGUMENT,
                () -> EventLogger.of(accounts).retention(Duration.ofMillis(1)).toTrail(store(), "trail"));
        EventLogger closed = EventLogger.of(accounts).toTrail(store(), "trail");
        closed.close();
        closed.close();
        assertFails(ErrorCode.FAILED_PRECONDITION, closed::checkHealth);
    }
}
