package org.corestack.mongodb;

import org.corestack.document.Key;

/**
 * What is being done, for messages.
 *
 * @param what such as {@code the insert of 'k' in shop.orders}; its text is only asked for when something failed
 * @param write whether it is a write, of which it matters whether it took place
 */
record Doing(Object what, boolean write) {
    static Doing read(Object what) {
        return new Doing(what, false);
    }

    /** Something that is done to one document. */
    record OfDocument(String verb, CollectionName collection, Key key) {
        @Override
        public String toString() {
            return "the " + verb + " of '" + key + "' in " + collection;
        }
    }

    static Doing write(String verb, CollectionName collection, Key key) {
        return new Doing(new OfDocument(verb, collection, key), true);
    }

    @Override
    public String toString() {
        return what.toString();
    }
}
