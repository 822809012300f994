package org.corestack.table;

/**
 * An entry as a table holds it.
 *
 * @param key what identifies it
 * @param value its content
 * @param version changes with every write of it, for {@link org.corestack.document.Condition#ifVersion}; 0 where
 *     another system wrote it
 */
public record Entry<K, E>(K key, E value, long version) {}
