package io.authzengine.storage.driver.blob.s3;

import java.nio.file.Path;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSupplier;

/** Who one is to S3. Never shows a secret. Immutable. */
public final class S3Login {
    /**
     * As Amazon's tools find out: environment, system properties, web identity of a pod, profiles, container, instance. What it finds is asked
     * for again before it expires.
     */
    public static final S3Login STANDARD = new S3Login("as the tools of AWS do", S3Login::standard);

    private final String kind;
    private final Source source;

    @FunctionalInterface
    private interface Source {
        AwsCredentialsProvider open();
    }

    private S3Login(String kind, Source source) {
        this.kind = kind;
        this.source = source;
    }

    private static AwsCredentialsProvider standard() {
        return DefaultCredentialsProvider.builder().build();
    }

    /** Returns a key, with the token that a temporary one has. */
    public static S3Login keys(String accessKeyId, String secretAccessKey, Optional<String> sessionToken) {
        return new S3Login(
                "accessKeyId",
                () -> StaticCredentialsProvider.create(
                        sessionToken.isPresent()
                                ? AwsSessionCredentials.create(accessKeyId, secretAccessKey, sessionToken.get())
                                : AwsBasicCredentials.create(accessKeyId, secretAccessKey)));
    }

    /** Returns a profile of a file of credentials, read again when the file changes; of the usual file if none is given. */
    public static S3Login profile(String name, Optional<Path> file) {
        return new S3Login("profile " + name, () -> {
            ProfileCredentialsProvider.Builder builder =
                    ProfileCredentialsProvider.builder().profileName(name);
            file.map(path -> ProfileFileSupplier.reloadWhenModified(path, ProfileFile.Type.CREDENTIALS))
                    .ifPresent(builder::profileFile);
            return builder.build();
        });
    }

    AwsCredentialsProvider open() {
        return source.open();
    }

    @Override
    public String toString() {
        return kind;
    }
}
