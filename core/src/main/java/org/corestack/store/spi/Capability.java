package org.corestack.store.spi;

/** What not every engine, or not every version of its server, can do. */
public enum Capability {
    /**
     * A snapshot is the state at one moment, however many batches it is read in, so that a watch from its position repeats
     * nothing. Only a list that is read for longer than the database keeps the moment, of a kind of collection whose moments it
     * does not keep, or just behind an election or a change of the catalog, goes on as without this: with later states, which
     * the watch repeats.
     */
    EXACT_SNAPSHOT,
    /** A collection can keep, with each change, the document as it was before and after it. */
    EXACT_IMAGES,
    /** Several documents can be written together, or none of them. */
    TRANSACTIONS,
    /**
     * Transactions take effect as if one had run after the other: none decides by what another, that ran at the same time,
     * has changed. Without it that holds only for what both have written.
     */
    SERIALIZABLE_TRANSACTIONS
}
