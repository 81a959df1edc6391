package io.authzengine.storage.internal;

import io.authzengine.storage.ReloadTimes;
import io.authzengine.storage.ReloadTimes.Outcome;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.internal.disk.Persistence;
import io.authzengine.storage.timing.LookTimes;
import io.authzengine.storage.timing.PhaseTimer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Remembers where the time of the last reload went. Written by the one writer, read by anybody. */
final class ReloadClock {
    private final StorageDriver driver;
    private final StorageContext context;
    private final Persistence persistence;
    private List<LookTimes> accounted = List.of(); // Used under the writer lock.
    private volatile @Nullable Ended last; // Written under the writer lock.

    private record Ended(
            Instant at,
            String cause,
            Outcome outcome,
            long version,
            Duration took,
            List<LookTimes> looks,
            PhaseTimer phases) {}

    ReloadClock(StorageDriver driver, StorageContext context, Persistence persistence) {
        this.driver = driver;
        this.context = context;
        this.persistence = persistence;
    }

    PhaseTimer begin() {
        return new PhaseTimer(driver.id(), context.ticker());
    }

    /** It is decided what is served. What follows on no new look and changes nothing is no reload: it is judged anew at each poll. */
    void ended(PhaseTimer timer, String cause, Outcome outcome, long version) {
        List<LookTimes> all = driver.lookTimes();
        List<LookTimes> looks =
                all.stream().filter(look -> !accounted.contains(look)).toList();
        accounted = all;
        if (looks.isEmpty() && outcome != Outcome.SERVED) {
            return;
        }
        long now = context.ticker().getAsLong();
        long took = looks.stream().mapToLong(look -> now - look.begun()).reduce(now - timer.begun(), Math::max);
        last = new Ended(
                context.clock().instant(),
                looks.isEmpty() ? cause : looks.get(0).cause(),
                outcome,
                version,
                Duration.ofNanos(took),
                List.copyOf(looks),
                timer);
    }

    /** Returns the times of the last reload; empty before the first. */
    Optional<ReloadTimes> last() {
        return Optional.ofNullable(last)
                .map(ended -> new ReloadTimes(
                        ended.at,
                        ended.cause,
                        ended.outcome,
                        ended.version,
                        ended.took,
                        ended.looks,
                        ended.phases.phases(),
                        ended.outcome == Outcome.SERVED ? persistence.timeToDisk(ended.version) : Optional.empty()));
    }
}
