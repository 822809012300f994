package org.corestack.reconcile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a queue should do, said as plainly as possible: sets of keys, and for each key the list of all that happened to it
 * since it last was at rest, from which its state is worked out when it is asked for. Slow, and without cleverness.
 */
final class NaiveQueue {
    final List<String> waiting = new ArrayList<>();
    final Set<String> running = new HashSet<>();
    final Set<String> parked = new HashSet<>();
    final Map<String, Long> due = new TreeMap<>();

    /** Letters in the order of what happened: F a failure, R a requeue. Emptied by whatever gives a new budget. */
    private final Map<String, String> trouble = new HashMap<>();
    /** The time of the last failure, for keys whose last run failed. */
    private final Map<String, Long> failedAt = new HashMap<>();
    /** Stamps that the key's runs wrote, while there is something to remember about the key. */
    private final Map<String, Set<Long>> wrote = new HashMap<>();
    /** Stamps of what came while the key ran. */
    private final Map<String, List<Long>> came = new HashMap<>();

    private final Map<String, Long> asked = new HashMap<>();

    void changed(String key, long stamp, long now) {
        if (running.contains(key)) {
            came.computeIfAbsent(key, k -> new ArrayList<>()).add(stamp);
        } else if (!isOwn(key, stamp)) {
            news(key, now);
        }
    }

    void missed(long now) {
        for (String key : running) {
            came.computeIfAbsent(key, k -> new ArrayList<>()).add(0L);
        }
        for (String key : List.copyOf(due.keySet())) {
            news(key, now);
        }
        for (String key : List.copyOf(parked)) {
            news(key, now);
        }
    }

    void resynced(String key) {
        boolean atRest = !waiting.contains(key) && !running.contains(key) && !parked.contains(key);
        if (atRest && !failedAt.containsKey(key)) {
            waitNow(key);
        }
    }

    void asked(String key, long at) {
        if (running.contains(key)) {
            asked.merge(key, at, Math::min);
        } else if (!waiting.contains(key) && !parked.contains(key)) {
            nearer(key, notBefore(key, at));
        }
    }

    boolean resume(String key) {
        if (!parked.contains(key)) {
            return false;
        }
        trouble.remove(key);
        waitNow(key);
        return true;
    }

    void clock(long now) {
        // By time, and what is due at once in any order: take() accepts either.
        due.entrySet().stream()
                .filter(entry -> entry.getValue() <= now)
                .map(Map.Entry::getKey)
                .toList()
                .forEach(this::waitNow);
    }

    void take(String taken) {
        if (taken == null) {
            if (!waiting.isEmpty()) {
                throw new AssertionError("nothing was taken, but these wait: " + waiting);
            }
        } else if (!waiting.remove(taken)) {
            throw new AssertionError(taken + " was taken, but these wait: " + waiting);
        } else if (!running.add(taken)) {
            throw new AssertionError(taken + " was taken by two");
        }
    }

    void wrote(String key, long stamp) {
        wrote.computeIfAbsent(key, k -> new HashSet<>()).add(stamp);
    }

    /** A null result is a failure. */
    void finish(String key, Result result, long now) {
        running.remove(key);
        failedAt.remove(key);
        if (result == null) {
            trouble.merge(key, "F", String::concat);
            failedAt.put(key, now);
            if (count(key, "F") >= 3) {
                parked.add(key);
            } else {
                due.put(key, now + delay(trouble.get(key).length()));
            }
        } else if (result instanceof Result.Requeue) {
            trouble.merge(key, "R", String::concat);
            due.put(key, now + delay(trouble.get(key).length()));
        } else if (result instanceof Result.Park) {
            parked.add(key);
        } else {
            trouble.remove(key);
            if (result instanceof Result.RequeueAfter after) {
                due.put(key, now + after.delay().toNanos() / QueueWorld.UNIT);
            }
        }
        meanwhile(key, now);
        if (!waiting.contains(key) && !due.containsKey(key) && !parked.contains(key)) {
            wrote.remove(key);
        }
    }

    private void meanwhile(String key, long now) {
        List<Long> stamps = came.remove(key);
        Long at = asked.remove(key);
        if (stamps != null && stamps.stream().anyMatch(stamp -> !isOwn(key, stamp))) {
            news(key, now);
        } else if (stamps != null && !due.containsKey(key) && !parked.contains(key)) {
            waitNow(key);
        } else if (at != null && !parked.contains(key)) {
            nearer(key, notBefore(key, at));
        }
    }

    private void news(String key, long now) {
        trouble.remove(key);
        if (waiting.contains(key)) {
            return;
        }
        long first = notBefore(key, now);
        if (first > now) {
            parked.remove(key);
            nearer(key, first);
        } else {
            waitNow(key);
        }
    }

    private void waitNow(String key) {
        due.remove(key);
        parked.remove(key);
        waiting.add(key);
    }

    private void nearer(String key, long at) {
        due.merge(key, at, Math::min);
    }

    private long notBefore(String key, long at) {
        Long failed = failedAt.get(key);
        return failed == null ? at : Math.max(at, failed + delay(1));
    }

    private boolean isOwn(String key, long stamp) {
        return stamp != 0 && wrote.getOrDefault(key, Set.of()).contains(stamp);
    }

    private int count(String key, String what) {
        return trouble.getOrDefault(key, "").replaceAll("[^" + what + "]", "").length();
    }

    private static long delay(int step) {
        return step == 1 ? 2 : step == 2 ? 4 : 8;
    }

    String describe(String key) {
        String failures = " failures " + count(key, "F");
        List<String> places = new ArrayList<>();
        if (waiting.contains(key)) {
            places.add("WAITING" + failures);
        }
        if (running.contains(key)) {
            places.add("RUNNING" + failures);
        }
        if (due.containsKey(key)) {
            places.add("DELAYED until " + due.get(key) + failures);
        }
        if (parked.contains(key)) {
            places.add("PARKED" + failures);
        }
        return places.isEmpty() ? "none" : String.join(" and ", places);
    }

    /** Everything, as of a time, so that two worlds with the same future have the same text. */
    String signature(List<String> keys, long now) {
        StringBuilder text = new StringBuilder(waiting.toString());
        for (String key : keys) {
            Long at = due.get(key);
            Long failed = failedAt.get(key);
            Long wanted = asked.get(key);
            text.append('|')
                    .append(running.contains(key) ? 'r' : '-')
                    .append(parked.contains(key) ? 'p' : '-')
                    .append(at == null ? "-" : at - now)
                    .append(failed == null ? "-" : Math.max(-2, failed - now))
                    .append(wanted == null ? "-" : wanted - now)
                    .append(trouble.getOrDefault(key, ""))
                    .append(wrote.getOrDefault(key, Set.of()))
                    .append(new java.util.TreeSet<>(came.getOrDefault(key, List.of())));
        }
        return text.toString();
    }
}
