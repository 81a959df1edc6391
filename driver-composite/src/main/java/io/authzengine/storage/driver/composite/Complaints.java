package io.authzengine.storage.driver.composite;

import io.authzengine.storage.error.Finding;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what is wrong with what several drivers say together, each thing once for as long as it is so. Not thread-safe. */
final class Complaints {
    private static final Logger LOG = LoggerFactory.getLogger(CompositeDriver.class);

    private final String driverId;
    private Set<Finding> told = Set.of();

    Complaints(String driverId) {
        this.driverId = driverId;
    }

    void tell(List<Finding> complaints) {
        complaints.stream()
                .filter(complaint -> !told.contains(complaint))
                .forEach(complaint -> LOG.warn("[{}] {}", driverId, complaint));
        told = new HashSet<>(complaints);
    }
}
