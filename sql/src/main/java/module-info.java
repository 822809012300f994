/** What the SQL engines share; it exports to them alone. */
module org.corestack.sql {
    requires transitive java.sql;
    requires transitive org.corestack.core;
    requires org.slf4j;
    requires static transitive org.jspecify;
}
