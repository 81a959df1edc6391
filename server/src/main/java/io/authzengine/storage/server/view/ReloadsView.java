package io.authzengine.storage.server.view;

import io.authzengine.storage.ReloadTimes;
import io.authzengine.storage.StoreStatus;
import io.authzengine.storage.driver.LoadProgress;
import io.authzengine.storage.timing.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the time of reloads goes.
 *
 * @param last the last one; null before the first
 * @param underWay how far a look has got that reads at this moment; null if none does
 * @param lastError the failure of the last look; null if it came back
 */
public record ReloadsView(@Nullable Reload last, @Nullable Progress underWay, HealthView.@Nullable Failure lastError) {
    /** The part of a reload's time that a phase counts to. */
    public static final String TOTAL = "total";

    /** Within the time of another phase, which counts already. */
    public static final String READ = "read";

    /** After the version was served. */
    public static final String AFTERWARDS = "afterwards";

    private static final double NANOS_PER_MICRO = 1e3;
    private static final double MICROS_PER_MILLI = 1e3;

    /**
     * One reload.
     *
     * @param endedAt when it was decided what is served
     * @param cause what led to it, such as {@code poll}
     * @param outcome {@code served}, {@code refused} or {@code unchanged}
     * @param version the number of the version that is served after it
     * @param tookMillis how long it took until then
     * @param waitedMillis what of that belongs to no phase
     * @param phases its parts
     */
    public record Reload(
            Instant endedAt,
            String cause,
            String outcome,
            long version,
            double tookMillis,
            double waitedMillis,
            List<Part> phases) {}

    /**
     * A part of a reload.
     *
     * @param phase what was done: {@code open}, {@code watch}, {@code list}, {@code read}, {@code parse}, {@code compare}, {@code merge}, {@code gates},
     *     {@code swap}, {@code tell} or {@code offline-copy}
     * @param driver for which driver; null for the store
     * @param tookMillis how long it took
     * @param items how many documents or policies it was about; null if nothing is counted
     * @param of what it is a part of: {@link #TOTAL}, {@link #READ} or {@link #AFTERWARDS}
     */
    public record Part(
            String phase,
            @Nullable String driver,
            double tookMillis,
            @Nullable Long items,
            String of) {
        private static Part of(Phase phase, @Nullable String driver) {
            return new Part(
                    phase.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    driver,
                    millis(phase.took()),
                    phase.items() == 0 ? null : phase.items(),
                    whole(phase.kind()));
        }

        private static String whole(Phase.Kind kind) {
            return switch (kind) {
                case PARSE -> READ;
                case TELL, OFFLINE_COPY -> AFTERWARDS;
                default -> TOTAL;
            };
        }
    }

    /**
     * How far a look has got.
     *
     * @param done how many documents were read
     * @param total how many there are to read
     */
    public record Progress(int done, int total) {}

    /** Returns the view of {@code status}. */
    public static ReloadsView of(StoreStatus status, Optional<LoadProgress> progress) {
        return new ReloadsView(
                status.lastReload().map(ReloadsView::reload).orElse(null),
                progress.map(now -> new Progress(now.done(), now.total())).orElse(null),
                HealthView.of(status).lastError());
    }

    private static Reload reload(ReloadTimes times) {
        List<Part> parts = new ArrayList<>();
        times.looks().forEach(look -> look.phases().forEach(phase -> parts.add(Part.of(phase, look.driverId()))));
        times.phases().forEach(phase -> parts.add(Part.of(phase, null)));
        times.offlineCopy().ifPresent(phase -> parts.add(Part.of(phase, null)));
        double took = millis(times.took());
        double accounted = parts.stream()
                .filter(part -> part.of.equals(TOTAL))
                .mapToDouble(Part::tookMillis)
                .sum();
        return new Reload(
                times.endedAt(),
                times.cause(),
                times.outcome().name().toLowerCase(Locale.ROOT),
                times.version(),
                took,
                Math.max(0, Math.round((took - accounted) * MICROS_PER_MILLI) / MICROS_PER_MILLI),
                parts);
    }

    private static double millis(Duration time) {
        return Math.round(time.toNanos() / NANOS_PER_MICRO) / MICROS_PER_MILLI;
    }
}
