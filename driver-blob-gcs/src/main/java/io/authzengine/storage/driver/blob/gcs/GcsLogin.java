package io.authzengine.storage.driver.blob.gcs;

import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.cloud.NoCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Who one is to Google Cloud. Never shows a secret. Immutable. */
public final class GcsLogin {
    /**
     * As Google's tools find out: {@code GOOGLE_APPLICATION_CREDENTIALS}, the user's own, workload identity, the machine. Tokens are asked for
     * again before they expire.
     */
    public static final GcsLogin STANDARD =
            new GcsLogin("as the tools of Google do", GoogleCredentials::getApplicationDefault, () -> "");

    /** Nobody: for buckets that are open to all. */
    public static final GcsLogin ANONYMOUS = new GcsLogin("anonymous", NoCredentials::getInstance, () -> "");

    private static final List<String> SCOPES = List.of("https://www.googleapis.com/auth/devstorage.read_write");

    private final String kind;
    private final Reading<Credentials> credentials;
    private final Reading<String> stamp;

    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }

    private GcsLogin(String kind, Reading<Credentials> credentials, Reading<String> stamp) {
        this.kind = kind;
        this.credentials = credentials;
        this.stamp = stamp;
    }

    /** Returns what a file says: a service account's key, or the settings of a federated workload. Read again when it changes. */
    public static GcsLogin file(Path file) {
        return new GcsLogin(
                "file " + file,
                () -> {
                    try (InputStream in = Files.newInputStream(file)) {
                        return GoogleCredentials.fromStream(in);
                    }
                },
                () -> Files.getLastModifiedTime(file) + " " + Files.size(file));
    }

    /** Returns a service account by the JSON of its key. */
    public static GcsLogin json(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        return new GcsLogin(
                "service account",
                () -> ServiceAccountCredentials.fromStream(new ByteArrayInputStream(bytes)),
                () -> "");
    }

    /** Returns a service account by the parts of its key. */
    static GcsLogin account(
            String clientId, String email, String privateKey, String privateKeyId, Optional<URI> tokens) {
        return new GcsLogin(
                "service account " + email,
                () -> {
                    ServiceAccountCredentials.Builder builder =
                            ServiceAccountCredentials.fromPkcs8(clientId, email, privateKey, privateKeyId, SCOPES)
                                    .toBuilder();
                    tokens.ifPresent(builder::setTokenServerUri);
                    return builder.build();
                },
                () -> "");
    }

    Credentials read() throws IOException {
        Credentials found = credentials.read();
        return found instanceof GoogleCredentials google && google.createScopedRequired()
                ? google.createScoped(SCOPES)
                : found;
    }

    /** Returns what changes when there are other credentials to be read. */
    String stamp() throws IOException {
        return stamp.read();
    }

    @Override
    public String toString() {
        return kind;
    }
}
