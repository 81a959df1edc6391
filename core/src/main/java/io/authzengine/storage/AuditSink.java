package io.authzengine.storage;

/**
 * Takes one record for each change set that was served, refused or rolled back. Called in order, one record at a time, before the call
 * returns that changed the store, and with no lock held. What it throws is logged and counted, and hurts nobody.
 */
@FunctionalInterface
public interface AuditSink {
    /** The logger that records go to by default. */
    String LOGGER = "io.authzengine.storage.audit";

    /** Takes {@code entry}; must be quick. */
    void record(AuditRecord entry);
}
