package io.authzengine.storage.driver.blob.s3;

import io.authzengine.storage.driver.blob.BlobBackend;
import io.authzengine.storage.driver.blob.BlobErrors;
import io.authzengine.storage.driver.blob.BlobStore;
import io.authzengine.storage.error.NotFoundException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * How S3 is reached. Start with {@link #DEFAULT}.
 *
 * @param region of the bucket; if it is empty, {@code us-east-1} with an endpoint, and without one as Amazon's tools find out
 * @param login who one is
 * @param endpoint of a store that is not Amazon's
 * @param pathStyle whether the bucket stands in the path and not in the name of the host
 * @param versions whether objects are told by their versions, which needs the permission to list these; otherwise by entity tags
 */
public record S3Backend(
        Optional<String> region, S3Login login, Optional<URI> endpoint, boolean pathStyle, boolean versions)
        implements BlobBackend {
    /** Amazon's own S3, with region and credentials as its tools find them. */
    public static final S3Backend DEFAULT =
            new S3Backend(Optional.empty(), S3Login.STANDARD, Optional.empty(), false, false);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
    /** A look reads many objects, and need not begin anew because one of the calls stumbled; the loop does the rest. */
    private static final int ATTEMPTS = 3;
    /**
     * Java's HTTP client sends a body into a connection it has kept without looking whether the store has closed it meanwhile. It keeps five
     * of a store, and each must fail before a new one is made. Writing has conditions, so nothing is written twice.
     */
    private static final int WRITE_ATTEMPTS = ATTEMPTS + 5;

    public S3Backend {
        Objects.requireNonNull(region, "region");
        Objects.requireNonNull(login, "login");
        Objects.requireNonNull(endpoint, "endpoint");
    }

    /** Returns a store that is not Amazon's but speaks its protocol, with the bucket in the path. */
    public static S3Backend at(URI endpoint, S3Login login) {
        return new S3Backend(Optional.empty(), login, Optional.of(endpoint), true, false);
    }

    /** Returns these settings with objects told by their versions. */
    public S3Backend withVersions() {
        return new S3Backend(region, login, endpoint, pathStyle, true);
    }

    @Override
    public String address(String bucket) {
        return "s3://" + bucket;
    }

    @Override
    public BlobStore open(Target target) {
        AwsCredentialsProvider credentials = login.open();
        Region place = region(target.errors());
        return new S3BlobStore(
                client(place, credentials, ATTEMPTS),
                () -> client(place, credentials, WRITE_ATTEMPTS),
                credentials,
                target,
                versions);
    }

    private S3Client client(Region place, AwsCredentialsProvider credentials, int attempts) {
        S3ClientBuilder builder = S3Client.builder()
                .region(place)
                .credentialsProvider(credentials)
                .forcePathStyle(pathStyle)
                .disableS3ExpressSessionAuth(true)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .overrideConfiguration(settings -> settings.retryStrategy(StandardRetryStrategy.builder()
                        .useClientDefaults(
                                false) // They sleep as the store asks to be left alone, which is the loop's to do.
                        .maxAttempts(attempts)
                        .retryOnException(S3Failures::isStumble)
                        .build()))
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT_TIMEOUT)
                        .socketTimeout(READ_TIMEOUT));
        endpoint.ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private Region region(BlobErrors errors) {
        if (region.isPresent() || endpoint.isPresent()) {
            return Region.of(region.orElse("us-east-1"));
        }
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion();
        } catch (SdkClientException e) {
            throw new NotFoundException(
                    errors.at("", "the bucket's region is not known").remedy("set 'credentials.region'"), e);
        }
    }
}
