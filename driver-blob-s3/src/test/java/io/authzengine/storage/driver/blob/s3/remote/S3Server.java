package io.authzengine.storage.driver.blob.s3.remote;

import java.net.URI;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/**
 * An S3Proxy in this process, and a client of its owner's to fill it, who always knows the right secret. Stops and starts again at the same
 * port, with what it holds. Used by one thread.
 */
public final class S3Server implements AutoCloseable {
    /** The id of its key. */
    public static final String KEY = "AKIACONTRACTTEST";
    /** The secret of its key, while it is not revoked. */
    public static final String SECRET = "contract-secret-access-key";

    private final BlobStore store = new WholeListings(new TransientNio2BlobStore());
    private @Nullable S3Proxy proxy;
    private String secret = SECRET;
    private final URI endpoint;
    private final S3Client client;

    private S3Server() {
        S3Proxy started = start(store, URI.create("http://127.0.0.1:0"), SECRET);
        proxy = started;
        endpoint = URI.create("http://127.0.0.1:" + started.getPort());
        // Java's HTTP client keeps connections by the host's name, and sends a body into one that a stopped server has
        // left behind without a look. So the owner keeps none, and has a name of its own.
        client = S3Client.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(URI.create("http://localhost:" + started.getPort()))
                .overrideConfiguration(settings -> settings.putHeader("Connection", "close"))
                .forcePathStyle(true)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .credentialsProvider(() -> AwsBasicCredentials.create(KEY, secret))
                .build();
    }

    /** Starts one on a port of its own, with nothing in it. */
    public static S3Server start() {
        return new S3Server();
    }

    private static S3Proxy start(BlobStore store, URI endpoint, String secret) {
        S3Proxy proxy = S3Proxy.builder()
                .blobStore(store)
                .endpoint(endpoint)
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, KEY, secret)
                .build();
        try {
            proxy.start();
            return proxy;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Listens again, and takes the first secret for right again. */
    public void up() {
        if (!secret.equals(SECRET)) {
            down();
            secret = SECRET;
        }
        if (proxy == null) {
            proxy = start(store, endpoint, SECRET);
        }
    }

    /** Takes another secret for right from now on. */
    public void revoke(String another) {
        down();
        secret = another;
        proxy = start(store, endpoint, another);
    }

    /** Listens no more. */
    public void down() {
        S3Proxy running = proxy;
        proxy = null;
        if (running != null) {
            try {
                running.stop();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Returns where it is. */
    public URI endpoint() {
        return endpoint;
    }

    /** Returns a client of its owner's. */
    public S3Client client() {
        return client;
    }

    /** Makes a bucket. */
    public void make(String bucket) {
        client.createBucket(request -> request.bucket(bucket));
    }

    /** Keeps all versions of what is in {@code bucket} from now on. */
    public void keepVersions(String bucket) {
        client.putBucketVersioning(request -> request.bucket(bucket)
                .versioningConfiguration(settings -> settings.status(BucketVersioningStatus.ENABLED)));
    }

    /** Writes an object. */
    public void put(String bucket, String key, String text) {
        client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromString(text));
    }

    /** Writes an object. */
    public void put(String bucket, String key, byte[] bytes) {
        client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(bytes));
    }

    /** Writes an object that says it is packed by gzip. */
    public void putPacked(String bucket, String key, byte[] bytes) {
        client.putObject(
                request -> request.bucket(bucket).key(key).contentEncoding("gzip"), RequestBody.fromBytes(bytes));
    }

    /** Deletes an object. */
    public void remove(String bucket, String key) {
        client.deleteObject(request -> request.bucket(bucket).key(key));
    }

    @Override
    public void close() {
        client.close();
        down();
    }
}
