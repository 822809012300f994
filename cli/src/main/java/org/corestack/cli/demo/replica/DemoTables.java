package org.corestack.cli.demo.replica;

import java.util.List;
import org.corestack.cli.demo.register.CharacterRecord;
import org.corestack.cli.demo.register.Description;
import org.corestack.cli.demo.register.LookalikeGroup;
import org.corestack.store.Store;
import org.corestack.store.StoreClient;
import org.corestack.table.Table;

/**
 * The demo's tables.
 *
 * @param characters the work: what is to be described, by its key
 * @param descriptions the first controller's results, by the same keys
 * @param lookalikes the second controller's results, by skeleton
 */
public record DemoTables(
        Table<String, CharacterRecord> characters,
        Table<String, Description> descriptions,
        Table<String, LookalikeGroup> lookalikes) {
    private static final String STORE = "demo";
    private static final String CHARACTERS = "characters";
    private static final String DESCRIPTIONS = "descriptions";
    private static final String LOOKALIKES = "lookalikes";

    /** The tables of a client's database. Touches no database. */
    public static DemoTables open(StoreClient client) {
        Store store = client.store(STORE);
        return new DemoTables(
                Table.open(store, CHARACTERS, String.class, CharacterRecord.class),
                Table.open(store, DESCRIPTIONS, String.class, Description.class),
                Table.open(store, LOOKALIKES, String.class, LookalikeGroup.class));
    }

    /** The names of those tables that exist already. */
    public static List<String> existing(StoreClient client) {
        var collections = client.store(STORE).collections();
        return List.of(CHARACTERS, DESCRIPTIONS, LOOKALIKES).stream()
                .filter(collections::contains)
                .toList();
    }
}
