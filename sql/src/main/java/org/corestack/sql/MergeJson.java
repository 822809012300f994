package org.corestack.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What sets some of a document's top-level fields and removes others, as the columns of a table take it.
 *
 * @param set the fields to set, as the JSON of a document
 * @param unset the fields to remove, named as in a document's JSON
 * @param longs for the fields to set, which of the small integers in them are 64 bit ones, as JSON; null where none is
 * @param names all these fields, named as in {@link StoredJson#longs}
 * @param allLongs whether no small integer in the fields to set is a 32 bit one: of a document that has none either, what
 *     {@link StoredJson#longs} says stays as it is
 */
public record MergeJson(
        String set, List<String> unset, @Nullable String longs, List<String> names, boolean allLongs) {
    /** {@link StoredJson#longs} where all small integers of a document are 64 bit ones. */
    public static final String ALL = '"' + Longs.ALL + '"';

    /** Copies. */
    public MergeJson {
        unset = List.copyOf(unset);
        names = List.copyOf(names);
    }
}
