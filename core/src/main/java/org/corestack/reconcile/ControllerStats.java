package org.corestack.reconcile;

/**
 * What a controller is at, in numbers of one moment. A key is counted in exactly one of the first four, and in none if
 * there is nothing to do or remember about it.
 *
 * @param waiting keys that wait for a worker
 * @param running keys that are worked on
 * @param delayed keys with a deadline: a retry or a requested delay
 * @param parked keys set aside
 * @param runs how many reconciles have begun since the start
 * @param failures how many of them failed
 */
public record ControllerStats(int waiting, int running, int delayed, int parked, long runs, long failures) {}
