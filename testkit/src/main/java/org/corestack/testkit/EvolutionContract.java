package org.corestack.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.corestack.table.Fields.all;
import static org.corestack.table.Fields.field;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.corestack.document.Change;
import org.corestack.document.Document;
import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.corestack.store.Watch;
import org.corestack.store.WatchOptions;
import org.corestack.table.Entry;
import org.corestack.table.EntryChange;
import org.corestack.table.EntryListener;
import org.corestack.table.Table;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Programs of an older and of a newer version share a table, each with its own type. */
abstract class EvolutionContract extends ContractBase {
    enum OldStatus {
        NEW,
        PAID
    }

    enum NewStatus {
        NEW,
        PAID,
        SHIPPED
    }

    record OldLine(String sku) {}

    record NewLine(String sku, int count, @Nullable String note) {}

    record OldOrder(String customer, OldStatus status, List<OldLine> lines, int total) {}

    record NewOrder(
            String customer,
            NewStatus status,
            List<NewLine> lines,
            long total,
            Optional<String> coupon,
            @Nullable Map<String, Long> weights,
            long placed,
            boolean gift) {}

    record OldKey(String region, int number) {}

    record NewKey(int number, String region) {}

    private Table<String, OldOrder> older() {
        return Table.open(store(), "orders", String.class, OldOrder.class);
    }

    private Table<String, NewOrder> newer() {
        return Table.open(openClient("newer").store("contract"), "orders", String.class, NewOrder.class);
    }

    private static NewOrder newOrder(NewStatus status) {
        return new NewOrder(
                "new", status, List.of(new NewLine("X", 2, "fragile")), 12, Optional.of("C"), Map.of("X", 3L), 7, true);
    }

    @Test
    void aNewerTypeReadsWhatAnOlderWrote() {
        older().insert("o", new OldOrder("old", OldStatus.PAID, List.of(new OldLine("X")), 5));
        NewOrder read = newer().get("o");
        assertThat(read)
                .isEqualTo(new NewOrder(
                        "old",
                        NewStatus.PAID,
                        List.of(new NewLine("X", 0, null)),
                        5,
                        Optional.empty(),
                        null,
                        0,
                        false));
        assertThat(newer().findMany(field(NewOrder::coupon).eq(Optional.empty())))
                .extracting(Entry::key)
                .containsExactly("o");
        newer().patch("o", field(NewOrder::placed).increment(3L));
        assertThat(newer().get("o").placed()).isEqualTo(3);
        assertThat(older().get("o").customer()).isEqualTo("old");
    }

    @Test
    void anOlderTypeLeavesWhatItDoesNotKnow() {
        newer().insert("o", newOrder(NewStatus.NEW));
        OldOrder read = older().get("o");
        assertThat(read).isEqualTo(new OldOrder("new", OldStatus.NEW, List.of(new OldLine("X")), 12));
        older().patch("o", field(OldOrder::status).set(OldStatus.PAID));
        older().update("o", new OldOrder("changed", OldStatus.PAID, List.of(new OldLine("Y")), 13));
        NewOrder after = newer().get("o");
        assertThat(after.customer()).isEqualTo("changed");
        assertThat(after.lines()).as("a list is set whole").containsExactly(new NewLine("Y", 0, null));
        assertThat(after.coupon()).contains("C");
        assertThat(after.weights()).isEqualTo(Map.of("X", 3L));
        assertThat(after.placed()).isEqualTo(7);
        older().replace("o", new OldOrder("replaced", OldStatus.NEW, List.of(), 1));
        assertThat(newer().get("o").coupon()).isEmpty();
    }

    @Test
    void whatAnOlderTypeCannotReadIsNamedAndHoldsUpNothing() {
        newer().insert("unknown", newOrder(NewStatus.SHIPPED));
        newer().insert("known", newOrder(NewStatus.NEW));
        assertFails(ErrorCode.UNSUPPORTED, () -> older().get("unknown"));
        assertFails(ErrorCode.UNSUPPORTED, () -> older().findMany(all()));
        assertThat(older().findMany(field(OldOrder::status).eq(OldStatus.NEW)))
                .extracting(Entry::key)
                .containsExactly("known");
        assertThat(older().count(all())).isEqualTo(2);
        List<String> heard = new CopyOnWriteArrayList<>();
        EntryListener<String, OldOrder> listener = new EntryListener<>() {
            @Override
            public void onChange(EntryChange<String, OldOrder> change) {
                heard.add(change.operation() + " " + change.key());
            }

            @Override
            public void onUnreadable(Change change, CoreException error) {
                heard.add("unreadable " + change.key().value() + " " + error.code());
            }
        };
        try (Watch watch = older().watch(WatchOptions.ofDefaults(), listener)) {
            newer().patch("unknown", field(NewOrder::gift).set(false));
            newer().patch("unknown", field(NewOrder::gift).set(true));
            awaitThat("the change", () -> !heard.isEmpty());
            newer().delete("known");
            awaitThat("the delete", () -> heard.contains("DELETE known"));
            assertThat(watch.isOpen()).isTrue();
        }
        assertThat(heard).startsWith("unreadable unknown UNSUPPORTED").endsWith("DELETE known");
    }

    @Test
    void keysWhoseComponentsStandInAnotherOrderAreOtherKeys() {
        Table<OldKey, OldLine> old = Table.open(store(), "keyed", OldKey.class, OldLine.class);
        Table<NewKey, OldLine> other = Table.open(store(), "keyed", NewKey.class, OldLine.class);
        old.insert(new OldKey("eu", 1), new OldLine("old"));
        assertThat(other.find(new NewKey(1, "eu"))).isEmpty();
        other.insert(new NewKey(1, "eu"), new OldLine("new"));
        assertThat(old.get(new OldKey("eu", 1))).isEqualTo(new OldLine("old"));
        assertThat(other.get(new NewKey(1, "eu"))).isEqualTo(new OldLine("new"));
        assertThat(old.collection().find(key(Document.of("region", "eu", "number", 1L))))
                .isPresent();
    }
}
