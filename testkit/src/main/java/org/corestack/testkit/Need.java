package org.corestack.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What some tests of the contract need, and not every engine or class of tests has. */
enum Need {
    TRANSACTIONS("the engine does not declare transactions"),
    SERIALIZABLE_TRANSACTIONS("the engine does not declare serializable transactions"),
    EXACT_SNAPSHOTS("the engine does not declare exact snapshots"),
    EXACT_IMAGES("the engine does not declare exact images"),
    OWN_HANDLES("the class of tests gives no native handles"),
    OWN_TRANSACTIONS("the class of tests begins no transactions on native handles"),
    PLANS("the class of tests reads no plans"),
    PROCESSES("other processes can't open the databases of the class of tests");

    private final String otherwise;

    Need(String otherwise) {
        this.otherwise = otherwise;
    }

    /** Why a test is skipped where this is not there. */
    String otherwise() {
        return otherwise;
    }

    /** Marks a test that is skipped where something is not there. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @interface Of {
        Need value();
    }
}
