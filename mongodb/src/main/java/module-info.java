/** The engine on MongoDB. */
module org.corestack.mongodb {
    requires org.corestack.core;
    requires org.mongodb.bson;
    requires org.mongodb.driver.core;
    requires org.mongodb.driver.sync.client;
    requires org.slf4j;
    requires static jsr305;
    requires static transitive org.jspecify;

    provides org.corestack.store.spi.EngineProvider with
            org.corestack.mongodb.MongoEngineProvider;
}
