/** What the SQL engines share; it exports to them alone. */
@SuppressWarnings("module") // the modules that it exports to come after it in the build
module org.corestack.sql {
    requires transitive java.sql;
    requires transitive org.corestack.core;
    requires static transitive org.jspecify;
    requires tools.jackson.core;

    exports org.corestack.sql to
            org.corestack.postgresql,
            org.corestack.sqlite;
}
