package org.corestack.testkit;

import java.util.Random;

/** Runs a test on random choices, each on a seed that a failure names. */
final class Seeds {
    private static final String PROPERTY = "corestack.test.seed";

    private Seeds() {}

    /** A test on the choices of one seed. */
    interface Body {
        void run(Random random) throws Exception;
    }

    /**
     * Runs a test on as many fresh seeds (times the system property {@code corestack.test.rounds}), or only on the one
     * that {@code corestack.test.seed} names.
     */
    static void run(int times, Body body) {
        Long fixed = Long.getLong(PROPERTY);
        int rounds = fixed == null ? times * Integer.getInteger("corestack.test.rounds", 1) : 1;
        for (int i = 0; i < rounds; i++) {
            long seed = fixed == null ? new Random().nextLong() : fixed;
            try {
                body.run(new Random(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("with -D" + PROPERTY + "=" + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
