package io.authzengine.storage.driver.composite;

import io.authzengine.storage.driver.ChangePublisher;
import io.authzengine.storage.driver.Explanation;
import io.authzengine.storage.driver.LoadError;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.timing.LookTimes;
import io.authzengine.storage.timing.Phase;
import io.authzengine.storage.timing.PhaseTimer;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a composite has: takes in what its drivers have, one taking after the other, and tells of it. Thread-safe. */
final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(CompositeDriver.class);

    private final String driverId;
    private final List<Child> children;
    private final ChangePublisher publisher;
    private final StorageContext context;
    private final Standings standings;
    // All three guarded by this.
    private final EffectiveView view;
    private final Snapshots snapshots;
    private final Complaints complaints;
    // All written while taking.
    private volatile LoadResult current;
    private volatile Optional<LookTimes> merged = Optional.empty();
    private volatile List<LoadError> contests = List.of();
    private volatile boolean closed;

    Intake(
            String driverId,
            CompositeConfig config,
            List<Child> children,
            ChangePublisher publisher,
            StorageContext context) {
        this.driverId = driverId;
        this.children = children;
        this.publisher = publisher;
        this.context = context;
        Arbiter arbiter = new Arbiter(driverId, config);
        this.standings = new Standings(arbiter);
        this.view = new EffectiveView(children.stream().map(Child::id).toList(), arbiter, config.key());
        this.snapshots = new Snapshots(driverId, children, view, context);
        this.complaints = new Complaints(driverId);
        this.current = snapshots.current();
    }

    /** Says what an earlier process served. */
    synchronized void servedBefore(PolicySnapshot last) {
        snapshots.servedBefore(last);
    }

    /** Takes in what the drivers have by now, if that is anything new. */
    synchronized void take(String cause) {
        if (closed) {
            return;
        }
        PhaseTimer timer = new PhaseTimer(driverId, context.ticker());
        timer.time(Phase.Kind.MERGE, () -> snapshots.take(cause)).ifPresent(step -> {
            if (step.changed()) {
                merged = Optional.of(timer.ended(cause));
            }
            contests = step.contests();
            complaints.tell(step.complaints());
            current = step.result();
            if (step.changed()) {
                LOG.info(
                        "[{}] {} policies of {} drivers, {} changed ({})",
                        driverId,
                        step.result().policies().size(),
                        children.size(),
                        step.changes().events().size(),
                        cause);
            }
            publisher.looked(step.result(), step.changes()); // In order, as it only hands the news in.
        });
    }

    /** Returns what was taken in. */
    LoadResult current() {
        return current;
    }

    /** Returns how long the last merging that changed something took; empty if none did. */
    Optional<LookTimes> merged() {
        return merged;
    }

    /** Returns what nobody could decide on. */
    List<LoadError> contests() {
        return contests;
    }

    /** Returns which drivers speak of a policy, and what becomes of what they say. */
    Explanation explain(PolicyId policyId) {
        LoadResult loaded;
        List<Conflict.Claim> claims;
        synchronized (this) {
            loaded = current;
            claims = view.competitors(policyId);
        }
        return Explanation.of(policyId, loaded, standings.of(claims, this::withinChild));
    }

    private List<Explanation.Source> withinChild(Conflict.Claim claim) {
        return children.stream()
                .filter(child -> child.id().equals(claim.driverId()))
                .flatMap(child -> child.driver().explain(claim.policy().id()).sources().stream())
                .toList();
    }

    /** Nothing is taken in any more; one that is under way is not waited for. */
    void close() {
        closed = true;
    }
}
