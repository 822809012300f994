package org.corestack.document;

/**
 * What a write came to.
 *
 * @param version the document's version after it; versions of one key only grow and never come again,
 *     across deletion and re-insertion too; they need not follow each other
 * @param position the place behind this write in the feed of changes; a feed that covers it has delivered
 *     this write
 */
public record Written(long version, Position position) {}
