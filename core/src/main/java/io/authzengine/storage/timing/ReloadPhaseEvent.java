package io.authzengine.storage.timing;

import java.util.Locale;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A phase of a reload in a recording. Its fields are part of what is documented. */
@Name("io.authzengine.storage.ReloadPhase")
@Label("Reload Phase")
@Description("One part of the way of policies from a backend to being served")
@Category({"AuthZ Storage"})
@StackTrace(false)
final class ReloadPhaseEvent extends Event implements FlightRecord {
    @Label("Phase")
    @SuppressWarnings("unused") // Read by the recorder.
    private String phase = "";

    @Label("Driver")
    @SuppressWarnings("unused")
    private String driver = "";

    @Label("Items")
    @Description("How many documents or policies it was about; 0 where nothing is counted")
    @SuppressWarnings("unused")
    private long items;

    ReloadPhaseEvent() {
        begin();
    }

    @Override
    public void end(Phase.Kind kind, String driverId, long count) {
        end();
        if (shouldCommit()) {
            phase = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
            driver = driverId;
            items = count;
            commit();
        }
    }
}
