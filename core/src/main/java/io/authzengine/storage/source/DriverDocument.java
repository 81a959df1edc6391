package io.authzengine.storage.source;

import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.snapshot.PolicySet;
import java.util.Objects;
import java.util.Optional;

/** What a driver has, as one document of several. */
final class DriverDocument implements DocumentSource {
    private static final String SEPARATOR = "---";

    private final StorageDriver driver;

    DriverDocument(StorageDriver driver) {
        this.driver = Objects.requireNonNull(driver, "driver");
    }

    @Override
    public Optional<String> etag() {
        return Optional.of(driver.load().policies().digest());
    }

    @Override
    public Document load() {
        PolicySet policies = driver.load().policies();
        StringBuilder text = new StringBuilder();
        for (Policy policy : policies.sorted()) {
            String raw = policy.raw().toString();
            if (!raw.startsWith(SEPARATOR)) {
                text.append(SEPARATOR).append('\n');
            }
            text.append(raw).append(raw.endsWith("\n") ? "" : "\n");
        }
        return Document.of(text.toString()).withEtag(policies.digest());
    }
}
