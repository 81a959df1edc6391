package io.authzengine.storage.driver.blob.s3;

import java.net.URI;
import java.util.Optional;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/** An S3Proxy in this process, and a client of its owner's to fill it. Stops and starts again at the same port, with what it holds. */
final class S3Server implements AutoCloseable {
    static final String KEY = "AKIACONTRACTTEST";
    static final String SECRET = "contract-secret-access-key";

    private final TransientNio2BlobStore store = new TransientNio2BlobStore();
    private @Nullable S3Proxy proxy;
    private boolean revoked;
    private final URI endpoint;
    private final S3Client client;

    private S3Server() {
        S3Proxy started = start(store, URI.create("http://127.0.0.1:0"), SECRET);
        proxy = started;
        endpoint = URI.create("http://127.0.0.1:" + started.getPort());
        client = S3Client.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(endpoint)
                .forcePathStyle(true)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY, SECRET)))
                .build();
    }

    static S3Server start() {
        return new S3Server();
    }

    private static S3Proxy start(TransientNio2BlobStore store, URI endpoint, String secret) {
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

    void up() {
        if (revoked) {
            down();
            revoked = false;
        }
        if (proxy == null) {
            proxy = start(store, endpoint, SECRET);
        }
    }

    /** Takes another secret for right from now on. */
    void revoke(String secret) {
        down();
        revoked = true;
        proxy = start(store, endpoint, secret);
    }

    void down() {
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

    URI endpoint() {
        return endpoint;
    }

    S3Backend backend() {
        return S3Backend.at(endpoint, S3Login.keys(KEY, SECRET, Optional.empty()));
    }

    S3Client client() {
        return client;
    }

    void make(String bucket) {
        client.createBucket(request -> request.bucket(bucket));
    }

    void keepVersions(String bucket) {
        client.putBucketVersioning(request -> request.bucket(bucket)
                .versioningConfiguration(settings -> settings.status(BucketVersioningStatus.ENABLED)));
    }

    void put(String bucket, String key, String text) {
        client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromString(text));
    }

    void put(String bucket, String key, byte[] bytes) {
        client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(bytes));
    }

    void putPacked(String bucket, String key, byte[] bytes) {
        client.putObject(
                request -> request.bucket(bucket).key(key).contentEncoding("gzip"), RequestBody.fromBytes(bytes));
    }

    void remove(String bucket, String key) {
        client.deleteObject(request -> request.bucket(bucket).key(key));
    }

    @Override
    public void close() {
        client.close();
        down();
    }
}
