/** The embedded engine on SQLite. */
module org.corestack.sqlite {
    requires java.sql;
    requires org.corestack.sql;
    requires org.slf4j;
    requires org.xerial.sqlitejdbc;
    requires static transitive org.jspecify;

    provides org.corestack.store.spi.EngineProvider with
            org.corestack.sqlite.SqliteEngineProvider;
}
