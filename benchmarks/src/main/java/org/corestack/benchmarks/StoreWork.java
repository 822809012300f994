package org.corestack.benchmarks;

import java.util.List;

/**
 * The work that is measured, on one collection of a database of its own: done by the library, or by hand over the raw
 * driver. For one thread.
 */
interface StoreWork extends AutoCloseable {
    /** Fills the collection with the samples of numbers from 0, which fall into groups of {@link Sample#GROUP}. */
    void load(int samples) throws Exception;

    /** Creates the sample of a number that is not there yet. */
    void insert(int number) throws Exception;

    /** Reads a sample; gives a field of it, so that it has to be decoded. */
    Object find(int number) throws Exception;

    /** Sets two fields of a sample. */
    void update(int number, int parcels) throws Exception;

    /** Sets two fields of a sample that is still of the version that was read just before. */
    void updateIfUnchanged(int number, int parcels) throws Exception;

    /** Reads a group by its indexed field. */
    List<?> findGroup(int group) throws Exception;

    /** Reads everything, decoding each; gives how many. */
    int stream() throws Exception;

    @Override
    void close() throws Exception;
}
