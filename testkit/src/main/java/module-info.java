/** Contracts that engines run, and tools for tests. */
module org.corestack.testkit {
    requires transitive org.corestack.core;
    requires transitive org.junit.jupiter.api;
    requires org.assertj.core;
    requires awaitility;
    requires static transitive org.jspecify;
}
