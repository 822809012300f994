/** The embedded engine on SQLite. */
module org.corestack.sqlite {
    requires org.corestack.sql;
    requires org.slf4j;
    requires org.xerial.sqlitejdbc;
    requires static transitive org.jspecify;
}
