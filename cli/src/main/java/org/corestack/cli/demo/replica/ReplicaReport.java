package org.corestack.cli.demo.replica;

/**
 * What a replica says on its standard output, a line each time.
 *
 * @param state how far it is
 * @param collisions how many of its inserts came second
 * @param idle whether it finds nothing to do
 */
public record ReplicaReport(State state, long collisions, boolean idle) {
    /** The states of a replica, in their order. */
    public enum State {
        /** It has the store open and waits to be let go. */
        READY,
        /** Its controllers run. */
        WORKING,
        /** Its controllers have ended. */
        FINISHED
    }
}
