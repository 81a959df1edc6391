package io.authzengine.storage.timing;

/** One phase as the flight recorder of the JVM sees it. A JVM that was made without one records nothing. */
interface FlightRecord {
    /** Begins a record. */
    static FlightRecord begin() {
        return FlightRecorders.PRESENT ? new ReloadPhaseEvent() : FlightRecorders.NOTHING;
    }

    /** Ends it, and hands it in if somebody is recording. */
    void end(Phase.Kind kind, String driverId, long items);
}
