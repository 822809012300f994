package org.corestack.document;

/**
 * A document as a collection holds it.
 *
 * @param key what identifies it
 * @param document its content
 * @param version changes with every write of it, see {@link Written}; 0 where another system wrote it
 */
public record StoredDocument(Key key, Document document, long version) {}
