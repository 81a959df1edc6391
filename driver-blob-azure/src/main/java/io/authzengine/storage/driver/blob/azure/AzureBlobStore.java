package io.authzengine.storage.driver.blob.azure;

import com.azure.core.http.rest.PagedResponse;
import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobDownloadResponse;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobItemProperties;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.DownloadRetryOptions;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlobParallelUploadOptions;
import io.authzengine.storage.driver.blob.Blob;
import io.authzengine.storage.driver.blob.BlobBackend.Target;
import io.authzengine.storage.driver.blob.BlobContent;
import io.authzengine.storage.driver.blob.BlobErrors;
import io.authzengine.storage.driver.blob.BlobPage;
import io.authzengine.storage.driver.blob.BlobStore;
import io.authzengine.storage.driver.blob.BoundedOutput;
import java.io.IOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A container of Azure Blob Storage. */
final class AzureBlobStore implements BlobStore {
    private static final int PAGE = 5000;
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final AzureBackend backend;
    private final String container;
    private final AzureFailures failures;
    private final BlobErrors errors;
    // Both guarded by this.
    private @Nullable BlobContainerClient client;
    private String stamp = "";

    AzureBlobStore(AzureBackend backend, Target target) {
        this.backend = backend;
        this.container = target.bucket();
        this.errors = target.errors();
        this.failures = new AzureFailures(errors);
    }

    @Override
    public BlobPage list(String prefix, Optional<String> next) {
        ListBlobsOptions options = new ListBlobsOptions().setPrefix(prefix).setMaxResultsPerPage(PAGE);
        BlobContainerClient connected = client();
        try {
            PagedResponse<BlobItem> page = connected
                    .listBlobs(options, next.orElse(null), LONGEST)
                    .iterableByPage()
                    .iterator()
                    .next();
            List<Blob> blobs =
                    page.getValue().stream().map(AzureBlobStore::blob).toList();
            return new BlobPage(
                    blobs, Optional.ofNullable(page.getContinuationToken()).filter(token -> !token.isEmpty()));
        } catch (RuntimeException e) {
            throw failures.translate("", e);
        }
    }

    private static Blob blob(BlobItem item) {
        BlobItemProperties properties = item.getProperties();
        return Blob.tagged(
                item.getName(),
                unquoted(properties.getETag()),
                properties.getContentLength(),
                Optional.ofNullable(properties.getLastModified()).map(OffsetDateTime::toInstant));
    }

    @Override
    public Optional<BlobContent> get(Blob blob, int maxBytes) {
        BoundedOutput content = new BoundedOutput(maxBytes);
        BlobRequestConditions unchanged = new BlobRequestConditions().setIfMatch(quoted(blob.stamp()));
        BlobContainerClient connected = client();
        try {
            BlobDownloadResponse response = connected
                    .getBlobClient(blob.key())
                    .downloadStreamWithResponse(
                            content,
                            null,
                            new DownloadRetryOptions().setMaxRetryRequests(1),
                            unchanged,
                            false,
                            LONGEST,
                            Context.NONE);
            String encoding = response.getDeserializedHeaders().getContentEncoding();
            return Optional.of(new BlobContent(content.bytes(), encoding == null ? "" : encoding));
        } catch (RuntimeException e) {
            if (content.isFull()) {
                return Optional.of(new BlobContent(content.bytes(), ""));
            }
            if (AzureFailures.hasMoved(e)) {
                return Optional.empty();
            }
            throw failures.translate(blob.key(), e);
        }
    }

    @Override
    public boolean put(String key, byte[] content, Optional<Blob> instead) {
        BlobRequestConditions condition = new BlobRequestConditions();
        instead.ifPresentOrElse(
                blob -> condition.setIfMatch(quoted(blob.stamp())), () -> condition.setIfNoneMatch("*"));
        BlobContainerClient connected = client();
        try {
            connected
                    .getBlobClient(key)
                    .uploadWithResponse(
                            new BlobParallelUploadOptions(BinaryData.fromBytes(content))
                                    .setRequestConditions(condition),
                            LONGEST,
                            Context.NONE);
            return true;
        } catch (RuntimeException e) {
            if (AzureFailures.isNotAsExpected(e)) {
                return false;
            }
            throw failures.translate(key, e);
        }
    }

    private static String unquoted(String tag) {
        return tag.length() > 1 && tag.startsWith("\"") && tag.endsWith("\"")
                ? tag.substring(1, tag.length() - 1)
                : tag;
    }

    private static String quoted(String tag) {
        return '"' + tag + '"';
    }

    /** Returns the client; another one if there are other credentials than it began with. */
    private synchronized BlobContainerClient client() {
        try {
            String now = backend.login().stamp();
            BlobContainerClient known = client;
            if (known == null || !now.equals(stamp)) {
                known = backend.connect(container);
                client = known;
                stamp = now;
            }
            return known;
        } catch (IOException | RuntimeException e) {
            throw errors.noCredentials("those of " + backend.login() + " cannot be used", e);
        }
    }

    /** The client holds nothing that could be freed but its connections, which end by themselves. */
    @Override
    public synchronized void close() {
        client = null;
    }
}
