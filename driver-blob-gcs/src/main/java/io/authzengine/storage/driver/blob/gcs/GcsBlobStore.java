package io.authzengine.storage.driver.blob.gcs;

import com.google.api.gax.paging.Page;
import com.google.cloud.BaseServiceException;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobField;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BlobSourceOption;
import com.google.cloud.storage.Storage.BlobTargetOption;
import io.authzengine.storage.driver.blob.Blob;
import io.authzengine.storage.driver.blob.BlobBackend.Target;
import io.authzengine.storage.driver.blob.BlobContent;
import io.authzengine.storage.driver.blob.BlobErrors;
import io.authzengine.storage.driver.blob.BlobErrors.Refusal;
import io.authzengine.storage.driver.blob.BlobPage;
import io.authzengine.storage.driver.blob.BlobStore;
import io.authzengine.storage.driver.blob.BoundedOutput;
import io.authzengine.storage.error.StorageException;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A bucket of Google Cloud Storage. */
final class GcsBlobStore implements BlobStore {
    private static final int NOT_FOUND = 404;
    private static final int CHANGED = 412;
    /** The content comes as it is stored, without a word on how; of a document that is packed the first bytes tell. */
    private static final String MAYBE_PACKED = "gzip";

    private final GcsBackend backend;
    private final String bucket;
    private final BlobErrors errors;
    // Both guarded by this.
    private @Nullable Storage storage;
    private String stamp = "";

    GcsBlobStore(GcsBackend backend, Target target) {
        this.backend = backend;
        this.bucket = target.bucket();
        this.errors = target.errors();
    }

    @Override
    public BlobPage list(String prefix, Optional<String> next) {
        List<BlobListOption> options = new ArrayList<>(List.of(
                BlobListOption.prefix(prefix),
                BlobListOption.fields(BlobField.NAME, BlobField.GENERATION, BlobField.SIZE, BlobField.UPDATED)));
        next.map(BlobListOption::pageToken).ifPresent(options::add);
        try {
            Page<com.google.cloud.storage.Blob> page = storage().list(bucket, options.toArray(BlobListOption[]::new));
            List<Blob> blobs = new ArrayList<>();
            page.getValues().forEach(object -> blobs.add(blob(object)));
            return new BlobPage(blobs, page.hasNextPage() ? Optional.of(page.getNextPageToken()) : Optional.empty());
        } catch (BaseServiceException e) {
            throw translate("", e);
        }
    }

    private static Blob blob(BlobInfo object) {
        return Blob.versioned(
                object.getName(),
                String.valueOf(object.getGeneration()),
                object.getSize(),
                Optional.ofNullable(object.getUpdateTimeOffsetDateTime()).map(OffsetDateTime::toInstant));
    }

    @Override
    public Optional<BlobContent> get(Blob blob, int maxBytes) {
        BoundedOutput content = new BoundedOutput(maxBytes);
        try {
            storage()
                    .downloadTo(
                            BlobId.of(bucket, blob.key(), Long.parseLong(blob.stamp())),
                            content,
                            BlobSourceOption.shouldReturnRawInputStream(true));
        } catch (BaseServiceException e) {
            if (e.getCode() == NOT_FOUND || e.getCode() == CHANGED) {
                return Optional.empty();
            }
            if (!content.isFull()) {
                throw translate(blob.key(), e);
            }
        }
        return Optional.of(new BlobContent(content.bytes(), MAYBE_PACKED));
    }

    @Override
    public boolean put(String key, byte[] content, Optional<Blob> instead) {
        BlobInfo object = BlobInfo.newBuilder(BlobId.of(bucket, key)).build();
        BlobTargetOption condition = instead.map(blob -> BlobTargetOption.generationMatch(Long.parseLong(blob.stamp())))
                .orElseGet(BlobTargetOption::doesNotExist);
        try {
            storage().create(object, content, condition, BlobTargetOption.disableGzipContent());
            return true;
        } catch (BaseServiceException e) {
            if (e.getCode() == CHANGED) {
                return false;
            }
            throw translate(key, e);
        }
    }

    private StorageException translate(String key, BaseServiceException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof com.google.api.client.http.HttpResponseException answered) {
                String reason = failure.getReason() == null ? "" : failure.getReason();
                String pause = answered.getHeaders().getRetryAfter();
                return errors.refused(
                        key, new Refusal(answered.getStatusCode(), reason, Refusal.pause(pause)), failure);
            }
        }
        return failure.getCode() > 0
                ? errors.refused(key, new Refusal(failure.getCode(), "", Optional.empty()), failure)
                : errors.failed(key, failure);
    }

    /** Returns the client; another one if there are other credentials than it began with. */
    private synchronized Storage storage() {
        try {
            String now = backend.login().stamp();
            Storage known = storage;
            if (known == null || !now.equals(stamp)) {
                close();
                known = backend.connect(errors);
                storage = known;
                stamp = now;
            }
            return known;
        } catch (IOException e) {
            throw errors.noCredentials("those of " + backend.login() + " cannot be read", e);
        }
    }

    @Override
    public synchronized void close() {
        Storage closing = storage;
        storage = null;
        if (closing != null) {
            try {
                closing.close();
            } catch (Exception e) {
                throw new IllegalStateException("the client of Google could not be closed", e);
            }
        }
    }
}
