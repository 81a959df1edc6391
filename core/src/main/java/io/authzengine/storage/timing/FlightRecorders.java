package io.authzengine.storage.timing;

/** Whether there is a flight recorder; apart from the events, which cannot be loaded where there is none. */
final class FlightRecorders {
    static final FlightRecord NOTHING = (kind, driverId, items) -> {};
    static final boolean PRESENT = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private FlightRecorders() {}
}
