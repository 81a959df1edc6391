package io.authzengine.storage.internal;

import io.authzengine.storage.ChangePlan;
import io.authzengine.storage.PolicyHistory;
import io.authzengine.storage.Rollback;
import io.authzengine.storage.diff.VersionDiff;
import io.authzengine.storage.snapshot.Note;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;

/** What applications see of the version log; the ways back lead through what is done by hand. */
final class StoreHistory implements PolicyHistory {
    private final VersionLog log;
    private final String driverId;
    private final HandChanges byHand;

    StoreHistory(VersionLog log, HandChanges byHand, String driverId) {
        this.log = log;
        this.driverId = driverId;
        this.byHand = byHand;
    }

    @Override
    public List<PolicyVersion> versions() {
        return log.versions();
    }

    @Override
    public Optional<PolicySnapshot> find(long number) {
        return log.find(number);
    }

    @Override
    public Optional<PolicySnapshot> previous() {
        return log.previous();
    }

    @Override
    public Optional<PolicySnapshot> asOf(Instant instant) {
        return log.asOf(Objects.requireNonNull(instant, "instant"));
    }

    @Override
    public VersionDiff diff(long from, long to) {
        PolicySnapshot before = remembered(from);
        PolicySnapshot after = remembered(to);
        PolicyChangeSet changes = PolicyChangeSet.between(
                before.policies(),
                after.policies(),
                driverId,
                to,
                "diff",
                after.version().createdAt());
        return new VersionDiff(before.version(), after.version(), changes);
    }

    @Override
    public Statistics statistics() {
        return log.statistics();
    }

    @Override
    public ChangePlan planRollback(long number) {
        return byHand.planRollback(() -> remembered(number));
    }

    @Override
    public Rollback rollback(long number, Note note) {
        return byHand.rollback(() -> remembered(number), Objects.requireNonNull(note, "note"));
    }

    @Override
    public Rollback rollbackToPrevious(Note note) {
        return byHand.rollback(
                () -> log.previous()
                        .orElseThrow(() -> new NoSuchElementException(
                                "no version before the one being served is remembered; " + known())),
                Objects.requireNonNull(note, "note"));
    }

    private PolicySnapshot remembered(long number) {
        return log.find(number)
                .orElseThrow(() -> new NoSuchElementException("version " + number + " is not remembered; " + known()));
    }

    private String known() {
        List<PolicyVersion> known = log.versions();
        return known.isEmpty()
                ? "there is none yet"
                : "there are " + known.get(0).number() + " to "
                        + known.get(known.size() - 1).number() + " (maxVersions keeps more)";
    }

    @Override
    public void pin(Note note) {
        byHand.pin(Objects.requireNonNull(note, "note"));
    }

    @Override
    public boolean unpin() {
        return byHand.unpin();
    }
}
