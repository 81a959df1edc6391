package io.authzengine.storage.timing;

/** One phase as the flight recorder of the JVM sees it. Where nobody records, and in a JVM that was made without one, it is nothing. */
interface FlightRecord {
    /** Begins a record. */
    static FlightRecord begin() {
        return FlightRecorders.inUse() ? new ReloadPhaseEvent() : FlightRecorders.NOTHING;
    }

    /** Ends it, and hands it in if somebody is recording. */
    void end(Phase.Kind kind, String driverId, long items);
}
