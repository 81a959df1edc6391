package io.authzengine.storage.server.view;

import io.authzengine.storage.PolicyHistory;
import io.authzengine.storage.StoreCounters;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What can be counted.
 *
 * @param policies how many are served
 * @param byKind how many of each kind
 * @param byDriver how many of each driver
 * @param history what is remembered
 * @param reloads how attempts ended to serve what the sources hold or what was put
 * @param validations how candidates fared at the gates
 * @param rollbacks how attempts ended to return to an earlier set
 * @param eventsDropped events that subscribers were not told of as they fell behind
 * @param auditFailures audit records that were not taken
 * @param webhooks calls to webhooks
 * @param streamReaders how many read the event stream at present
 */
public record StatisticsView(
        int policies,
        Map<String, Long> byKind,
        Map<String, Long> byDriver,
        History history,
        Tally reloads,
        Tally validations,
        Tally rollbacks,
        long eventsDropped,
        long auditFailures,
        StoreCounters.Deliveries webhooks,
        int streamReaders) {
    /** How attempts ended. */
    public record Tally(long attempts, long succeeded, long failed) {
        private static Tally of(StoreCounters.Tally tally) {
            return new Tally(tally.attempts(), tally.succeeded(), tally.failed());
        }
    }

    /** What is remembered; the times are null if nothing is. */
    public record History(
            int remembered,
            int limit,
            long current,
            long oldest,
            @Nullable Instant oldestAt,
            @Nullable Instant latestAt) {
        private static History of(PolicyHistory.Statistics statistics) {
            return new History(
                    statistics.remembered(),
                    statistics.limit(),
                    statistics.current(),
                    statistics.oldest(),
                    statistics.oldestAt().orElse(null),
                    statistics.latestAt().orElse(null));
        }
    }

    /** Returns what there is to count. */
    public static StatisticsView of(
            PolicySnapshot current, StoreCounters counters, PolicyHistory.Statistics history, int streamReaders) {
        return new StatisticsView(
                current.size(),
                count(current, policy -> policy.kind().name()),
                count(current, policy -> policy.metadata().provenance().driverId()),
                History.of(history),
                Tally.of(counters.reloads()),
                Tally.of(counters.validations()),
                Tally.of(counters.rollbacks()),
                counters.eventsDropped(),
                counters.auditFailures(),
                counters.webhooks(),
                streamReaders);
    }

    private static Map<String, Long> count(PolicySnapshot current, Function<Policy, String> by) {
        return current.policies().stream().collect(Collectors.groupingBy(by, TreeMap::new, Collectors.counting()));
    }
}
