package org.corestack.cli.demo.input;

/** Takes the keys of a file's records, one after the other. */
@FunctionalInterface
interface RecordSink {
    /**
     * Takes a key.
     *
     * @param line in which line its record begins
     */
    void accept(String key, int line) throws BadLine;
}
