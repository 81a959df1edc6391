package io.authzengine.storage.timing;

import jdk.jfr.FlightRecorder;

/** Whether somebody records; apart from the events, which cannot be loaded where there is no recorder, and take a start's time where there is. */
final class FlightRecorders {
    static final FlightRecord NOTHING = (kind, driverId, items) -> {};
    private static final boolean PRESENT =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private FlightRecorders() {}

    /** Returns whether a recording was ever begun in this JVM. */
    static boolean inUse() {
        return PRESENT && FlightRecorder.isInitialized();
    }
}
