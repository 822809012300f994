/** Errors, documents, stores, tables and controllers. Engines are modules of their own. */
module org.corestack.core {
    requires transitive org.slf4j;
    requires static transitive org.jspecify;
    requires tools.jackson.databind;

    uses org.corestack.store.spi.EngineProvider;

    // In the order of the packages: each imports only those above it.
    exports org.corestack.errors;
    exports org.corestack.reconcile;
    exports org.corestack.document;
    exports org.corestack.store.spi;
    exports org.corestack.store;
    exports org.corestack.table;
}
