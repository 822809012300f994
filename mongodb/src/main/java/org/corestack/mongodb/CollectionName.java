package org.corestack.mongodb;

/**
 * Where a collection is.
 *
 * @param database the database's name on the server, prefix included
 * @param collection the collection's name
 */
record CollectionName(String database, String collection) {
    @Override
    public String toString() {
        return database + "." + collection;
    }
}
