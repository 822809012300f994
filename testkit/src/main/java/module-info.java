/** Contracts that engines run, and tools for tests. */
@SuppressWarnings("requires-transitive-automatic") // the jar of BSON is one
module org.corestack.testkit {
    requires transitive org.corestack.core;
    requires transitive org.junit.jupiter.api;
    requires org.assertj.core;
    requires static transitive org.jspecify;
    // Of the scripted MongoDB server alone.
    requires static transitive org.mongodb.bson;

    exports org.corestack.testkit;

    // The contracts' test methods and the classes that hold them are package-private, as are the types in their tables.
    opens org.corestack.testkit to
            org.junit.platform.commons,
            tools.jackson.databind;
}
