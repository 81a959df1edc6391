package io.authzengine.storage.driver.blob.gcs;

import com.google.api.gax.retrying.RetrySettings;
import com.google.auth.Credentials;
import com.google.cloud.http.HttpTransportOptions;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import io.authzengine.storage.driver.blob.BlobBackend;
import io.authzengine.storage.driver.blob.BlobErrors;
import io.authzengine.storage.driver.blob.BlobStore;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How Google Cloud Storage is reached, over its JSON API. Start with {@link #DEFAULT}.
 *
 * @param project of the bucket; it is not needed to read it
 * @param login who one is
 * @param endpoint of another API server, such as a private one; empty for Google's own
 */
public record GcsBackend(Optional<String> project, GcsLogin login, Optional<URI> endpoint) implements BlobBackend {
    /** Google's own API, with credentials as its tools find them. */
    public static final GcsBackend DEFAULT = new GcsBackend(Optional.empty(), GcsLogin.STANDARD, Optional.empty());

    private static final int CONNECT_MILLIS = 3_000;
    private static final int READ_MILLIS = 10_000;
    /** A look reads many objects, and need not begin anew because one of the calls stumbled; the loop does the rest. */
    private static final RetrySettings RETRIES = RetrySettings.newBuilder()
            .setMaxAttempts(3)
            .setInitialRetryDelayDuration(Duration.ofMillis(100))
            .setMaxRetryDelayDuration(Duration.ofSeconds(2))
            .setRetryDelayMultiplier(2)
            .setTotalTimeoutDuration(Duration.ofSeconds(20))
            .build();

    public GcsBackend {
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(login, "login");
        Objects.requireNonNull(endpoint, "endpoint");
    }

    /** Returns another API server. */
    public static GcsBackend at(URI endpoint, GcsLogin login) {
        return new GcsBackend(Optional.empty(), login, Optional.of(endpoint));
    }

    @Override
    public String address(String bucket) {
        return "gs://" + bucket;
    }

    @Override
    public BlobStore open(Target target) {
        return new GcsBlobStore(this, target);
    }

    Storage connect(BlobErrors errors) {
        try {
            Credentials credentials = login.read();
            StorageOptions.Builder options = StorageOptions.http()
                    .setCredentials(credentials)
                    .setProjectId(project.orElse("unknown"))
                    .setRetrySettings(RETRIES)
                    .setTransportOptions(HttpTransportOptions.newBuilder()
                            .setConnectTimeout(CONNECT_MILLIS)
                            .setReadTimeout(READ_MILLIS)
                            .build());
            endpoint.ifPresent(url -> options.setHost(url.toString()));
            return options.build().getService();
        } catch (IOException | IllegalArgumentException e) {
            throw errors.noCredentials("those of " + login + " cannot be read", e);
        }
    }
}
