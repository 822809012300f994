package org.corestack.testkit;

import org.corestack.document.Filter;
import org.corestack.document.FindOptions;
import org.corestack.store.StoreClient;

/** Reads how a database would find a list of documents, for the contract's tests of indexes. */
public interface PlanReader {
    /**
     * The plan of what {@code findMany} would ask the database for first. The tests store a thousand documents before they
     * ask; where the database would still rather read them all, keep it from that.
     *
     * @param client on the database
     * @param store the name of the store
     * @param collection the name of the collection
     */
    Plan explain(StoreClient client, String store, String collection, Filter filter, FindOptions options);

    /**
     * What was read from a plan.
     *
     * @param bounded whether it reads a part of an index that the filter bounds, and not all of the index or collection
     * @param ordered whether the documents come in order from an index, so that they need not be collected and sorted;
     *     to sort those of one equal value by their keys is no sorting here
     * @param text the plan as the database tells it, for messages
     */
    record Plan(boolean bounded, boolean ordered, String text) {}
}
