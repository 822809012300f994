/** The engine on PostgreSQL. */
module org.corestack.postgresql {
    requires com.zaxxer.hikari;
    requires java.sql;
    requires static org.checkerframework.checker.qual;
    requires org.corestack.sql;
    requires org.postgresql.jdbc;
    requires org.slf4j;
    requires static transitive org.jspecify;

    provides org.corestack.store.spi.EngineProvider with
            org.corestack.postgresql.PostgresEngineProvider;
}
