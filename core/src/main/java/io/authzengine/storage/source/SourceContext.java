package io.authzengine.storage.source;

import io.authzengine.storage.driver.StorageContext;
import java.time.Duration;
import java.util.Objects;

/**
 * What a source is told when it is opened.
 *
 * @param driverId the id to put into exceptions
 * @param context time, threads and random numbers
 * @param callTimeout how long any one call may take; a source that sets time-outs of its own keeps them below this
 * @param maxDocumentBytes a document that is larger is refused, so there is no use in reading more
 */
public record SourceContext(String driverId, StorageContext context, Duration callTimeout, int maxDocumentBytes) {
    public SourceContext {
        Objects.requireNonNull(driverId, "driverId");
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(callTimeout, "callTimeout");
    }
}
