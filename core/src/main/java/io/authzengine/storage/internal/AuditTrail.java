package io.authzengine.storage.internal;

import io.authzengine.storage.AuditRecord;
import io.authzengine.storage.AuditRecord.Change;
import io.authzengine.storage.AuditRecord.Outcome;
import io.authzengine.storage.AuditRecord.Reason;
import io.authzengine.storage.AuditSink;
import io.authzengine.storage.StoreCounters.Deliveries;
import io.authzengine.storage.StoreEvent;
import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.config.WebhookSettings;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes one record of each change set, and hands it to the sink and to the webhooks. */
final class AuditTrail implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
    private static final Logger RECORDS = LoggerFactory.getLogger(AuditSink.LOGGER);

    private final String driverId;
    private final @Nullable AuditSink sink;
    private final List<Webhook> webhooks;
    private final LongAdder failures = new LongAdder();
    private long previous; // The version served before; used by one call at a time.

    private AuditTrail(String driverId, @Nullable AuditSink sink, List<Webhook> webhooks) {
        this.driverId = driverId;
        this.sink = sink;
        this.webhooks = webhooks;
    }

    /** @param sink null for the logger */
    static AuditTrail create(
            String driverId, StoreSettings settings, @Nullable AuditSink sink, StorageContext context) {
        List<Webhook> webhooks = settings.webhooks().stream()
                .map(webhook -> Webhook.of(webhook, queue(webhook, settings), context))
                .toList();
        return new AuditTrail(driverId, sink, webhooks);
    }

    private static WebhookQueue queue(WebhookSettings webhook, StoreSettings settings) {
        return settings.disk()
                .cacheDir()
                .map(directory -> WebhookQueue.in(directory, webhook))
                .orElseGet(() -> WebhookQueue.inMemory(webhook.capacity()));
    }

    /** Goes on with what waited for webhooks when the store was last used. */
    void start() {
        webhooks.forEach(Webhook::wake);
    }

    void accept(StoreEvent event, VersionLog history) {
        // Digests are worth computing only if somebody wants to know.
        if (sink == null && !RECORDS.isInfoEnabled() && webhooks.isEmpty()) {
            return;
        }
        if (event instanceof StoreEvent.Updated updated) {
            tell(committed(updated, history));
            previous = updated.version().number();
        } else if (event instanceof StoreEvent.Rejected rejected) {
            tell(rejected(rejected, history));
        }
    }

    private AuditRecord committed(StoreEvent.Updated event, VersionLog history) {
        PolicyVersion version = event.version();
        boolean back = version.cause().equals("rollback");
        return new AuditRecord(
                back ? "policy.rolled_back" : event.name(),
                back ? Outcome.ROLLED_BACK : Outcome.COMMITTED,
                event.at(),
                driverId,
                version.cause(),
                version.comment(),
                version.author(),
                version.number(),
                previous,
                digest(history, version.number()),
                digest(history, previous),
                version.revisions(),
                listed(event.changes()),
                event.changes().events().size(),
                List.of());
    }

    private AuditRecord rejected(StoreEvent.Rejected event, VersionLog history) {
        PolicyVersion version = event.version();
        Optional<String> digest = digest(history, version.number());
        return new AuditRecord(
                event.name(),
                Outcome.REJECTED,
                event.at(),
                driverId,
                event.changes().cause(),
                event.note().comment(),
                event.note().author(),
                version.number(),
                version.number(),
                digest,
                digest,
                version.revisions(),
                listed(event.changes()),
                event.changes().events().size(),
                event.findings().stream()
                        .filter(Finding::isError)
                        .limit(AuditRecord.MOST_CHANGES)
                        .map(AuditTrail::reason)
                        .toList());
    }

    private static Optional<String> digest(VersionLog history, long number) {
        return history.find(number).map(PolicySnapshot::digest);
    }

    private static List<Change> listed(PolicyChangeSet changes) {
        return changes.events().stream()
                .limit(AuditRecord.MOST_CHANGES)
                .map(AuditTrail::change)
                .toList();
    }

    private static Change change(PolicyChangeEvent event) {
        Policy any = event.policy().or(event::previousPolicy).orElseThrow();
        return new Change(
                event.type(),
                event.policyId(),
                any.kind().name(),
                any.metadata().source(),
                event.previousPolicy().map(policy -> policy.metadata().contentHash()),
                event.policy().map(policy -> policy.metadata().contentHash()));
    }

    private static Reason reason(Finding finding) {
        return new Reason(finding.code().code(), finding.place().toString(), finding.policyId());
    }

    private void tell(AuditRecord entry) {
        try {
            if (sink == null) {
                RECORDS.info("{}", entry.toJson());
            } else {
                sink.record(entry);
            }
        } catch (RuntimeException e) {
            failures.increment();
            LOG.error("The audit sink did not take a record; what is served is not concerned", e);
        }
        webhooks.forEach(webhook -> webhook.accept(entry));
    }

    /** Returns how many records a sink did not take. */
    long failures() {
        return failures.sum();
    }

    /** Returns what became of the calls to all webhooks. */
    Deliveries deliveries() {
        return webhooks.stream().map(Webhook::deliveries).reduce(Deliveries.NONE, Deliveries::plus);
    }

    @Override
    public void close() {
        webhooks.forEach(Webhook::close);
    }
}
