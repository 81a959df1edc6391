package io.authzengine.storage.driver.blob.s3;

import io.authzengine.storage.driver.blob.Blob;
import io.authzengine.storage.driver.blob.BlobBackend.Target;
import io.authzengine.storage.driver.blob.BlobContent;
import io.authzengine.storage.driver.blob.BlobPage;
import io.authzengine.storage.driver.blob.BlobStore;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** A bucket of S3. */
final class S3BlobStore implements BlobStore {
    private static final Set<Integer> MOVED = Set.of(404, 405, 412);
    private static final Set<Integer> NOT_AS_EXPECTED = Set.of(404, 409, 412);
    private static final String NO_BUCKET = "NoSuchBucket";
    private static final String NO_VERSION = "null"; // What S3 calls the version of what was written without versions.
    /** Of an object that some stores list while it is still being written; reading finds that it is no object's, so the look is taken again. */
    private static final String NO_TAG = "-";

    private static final char MARKER = '\0'; // No key holds it.

    private final S3Client client;
    private final Supplier<S3Client> writers;
    private final AwsCredentialsProvider credentials;
    private final String bucket;
    private final S3Failures failures;
    private final boolean versions;
    private @Nullable S3Client writer; // Guarded by this.

    /** @param writers makes the client that writes, which most stores never need */
    S3BlobStore(
            S3Client client,
            Supplier<S3Client> writers,
            AwsCredentialsProvider credentials,
            Target target,
            boolean versions) {
        this.client = client;
        this.writers = writers;
        this.credentials = credentials;
        this.bucket = target.bucket();
        this.failures = new S3Failures(target.errors());
        this.versions = versions;
    }

    @Override
    public BlobPage list(String prefix, Optional<String> next) {
        return call("", () -> versions ? versions(prefix, next) : objects(prefix, next));
    }

    private BlobPage objects(String prefix, Optional<String> next) {
        ListObjectsV2Response page = client.listObjectsV2(request -> {
            request.bucket(bucket).prefix(prefix).encodingType(EncodingType.URL);
            next.ifPresent(request::continuationToken);
        });
        return new BlobPage(
                page.contents().stream()
                        .map(object -> Blob.tagged(
                                object.key(),
                                unquoted(object.eTag()),
                                object.size(),
                                Optional.ofNullable(object.lastModified())))
                        .toList(),
                next(page.isTruncated(), page.nextContinuationToken()));
    }

    private BlobPage versions(String prefix, Optional<String> next) {
        ListObjectVersionsResponse page = client.listObjectVersions(request -> {
            request.bucket(bucket).prefix(prefix).encodingType(EncodingType.URL);
            next.ifPresent(at -> {
                int mark = at.indexOf(MARKER);
                request.keyMarker(at.substring(0, mark));
                if (mark + 1 < at.length()) {
                    request.versionIdMarker(at.substring(mark + 1));
                }
            });
        });
        String nextVersion = page.nextVersionIdMarker() == null ? "" : page.nextVersionIdMarker();
        return new BlobPage(
                page.versions().stream()
                        .filter(version -> Boolean.TRUE.equals(version.isLatest()))
                        .map(version -> NO_VERSION.equals(version.versionId())
                                ? Blob.tagged(
                                        version.key(),
                                        unquoted(version.eTag()),
                                        version.size(),
                                        Optional.ofNullable(version.lastModified()))
                                : Blob.versioned(
                                        version.key(),
                                        version.versionId(),
                                        version.size(),
                                        Optional.ofNullable(version.lastModified())))
                        .toList(),
                next(page.isTruncated(), page.nextKeyMarker()).map(key -> key + MARKER + nextVersion));
    }

    /** A page that says there is more, and not where, must not be taken for the last. */
    private Optional<String> next(Boolean truncated, String token) {
        if (!Boolean.TRUE.equals(truncated)) {
            return Optional.empty();
        }
        if (token == null || token.isEmpty()) {
            throw failures.cutListing();
        }
        return Optional.of(token);
    }

    @Override
    public Optional<BlobContent> get(Blob blob, int maxBytes) {
        GetObjectRequest.Builder request =
                GetObjectRequest.builder().bucket(bucket).key(blob.key());
        GetObjectRequest pinned = blob.isVersion()
                ? request.versionId(blob.stamp()).build()
                : request.ifMatch(quoted(blob.stamp())).build();
        ResponseTransformer<GetObjectResponse, BlobContent> reader = (response, in) -> {
            String encoding = response.contentEncoding();
            return new BlobContent(bytes(response, in, blob.size(), maxBytes), encoding == null ? "" : encoding);
        };
        try {
            return Optional.of(client.getObject(pinned, reader));
        } catch (S3Exception e) {
            if (MOVED.contains(e.statusCode()) && !NO_BUCKET.equals(S3Failures.code(e))) {
                return Optional.empty();
            }
            throw failures.translate(blob.key(), e);
        } catch (SdkException e) {
            throw failures.translate(blob.key(), e);
        }
    }

    /** The HTTP client takes the end of a connection for the end of a body, whatever length was announced. */
    private static byte[] bytes(GetObjectResponse response, AbortableInputStream in, long listed, int maxBytes) {
        try {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                in.abort();
                return bytes;
            }
            Long announced = response.contentLength();
            // Without one, an end is told by the chunks, or by nothing; what a proxy has unpacked is not as long as it
            // was listed.
            boolean whole = announced != null
                    ? bytes.length == announced
                    : bytes.length == listed || response.contentEncoding() != null;
            if (!whole) {
                throw new EOFException(bytes.length + " bytes came of " + (announced == null ? listed : announced));
            }
            return bytes;
        } catch (IOException e) {
            throw RetryableException.create("the content broke off", e);
        }
    }

    @Override
    public boolean put(String key, byte[] content, Optional<Blob> instead) {
        PutObjectRequest.Builder request =
                PutObjectRequest.builder().bucket(bucket).key(key);
        try {
            Optional<String> tag = instead.map(this::tag);
            tag.ifPresentOrElse(value -> request.ifMatch(quoted(value)), () -> request.ifNoneMatch("*"));
            writer().putObject(request.build(), RequestBody.fromBytes(content));
            return true;
        } catch (S3Exception e) {
            if (NOT_AS_EXPECTED.contains(e.statusCode()) && !NO_BUCKET.equals(S3Failures.code(e))) {
                return false;
            }
            throw failures.translate(key, e);
        } catch (SdkException e) {
            throw failures.translate(key, e);
        }
    }

    private synchronized S3Client writer() {
        S3Client known = writer;
        if (known == null) {
            known = writers.get();
            writer = known;
        }
        return known;
    }

    /** Conditions of a writing are on entity tags alone. */
    private String tag(Blob blob) {
        return blob.isVersion()
                ? unquoted(client.headObject(request ->
                                request.bucket(bucket).key(blob.key()).versionId(blob.stamp()))
                        .eTag())
                : blob.stamp();
    }

    private <T> T call(String key, Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException e) {
            throw failures.translate(key, e);
        }
    }

    private static String unquoted(@Nullable String tag) {
        if (tag == null || tag.isEmpty()) {
            return NO_TAG;
        }
        return tag.length() > 1 && tag.startsWith("\"") && tag.endsWith("\"")
                ? tag.substring(1, tag.length() - 1)
                : tag;
    }

    private static String quoted(String tag) {
        return '"' + tag + '"';
    }

    @Override
    public synchronized void close() {
        client.close();
        if (writer != null) {
            writer.close();
        }
        if (credentials instanceof SdkAutoCloseable closeable) {
            closeable.close();
        }
    }
}
