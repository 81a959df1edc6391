package io.authzengine.storage.driver.blob.azure;

import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.storage.blob.models.BlobStorageException;
import io.authzengine.storage.driver.blob.BlobErrors;
import io.authzengine.storage.driver.blob.BlobErrors.Refusal;
import io.authzengine.storage.error.StorageException;
import org.jspecify.annotations.Nullable;

/** What the client of Azure throws, in the words of the blob driver. */
record AzureFailures(BlobErrors errors) {
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int CHANGED = 412;
    private static final String NO_CONTAINER = "ContainerNotFound";

    StorageException translate(String key, RuntimeException failure) {
        BlobStorageException refused = find(failure, BlobStorageException.class);
        if (refused != null) {
            return errors.refused(
                    key, new Refusal(refused.getStatusCode(), code(refused), Refusal.pause(pause(refused))), failure);
        }
        if (find(failure, ClientAuthenticationException.class) != null) {
            return errors.noCredentials("none of the usual places has any that are accepted", failure);
        }
        return errors.failed(key, failure);
    }

    static boolean hasMoved(RuntimeException failure) {
        BlobStorageException refused = find(failure, BlobStorageException.class);
        return refused != null
                && (refused.getStatusCode() == CHANGED || refused.getStatusCode() == NOT_FOUND)
                && !NO_CONTAINER.equals(code(refused));
    }

    static boolean isNotAsExpected(RuntimeException failure) {
        BlobStorageException refused = find(failure, BlobStorageException.class);
        return hasMoved(failure) || (refused != null && refused.getStatusCode() == CONFLICT);
    }

    private static String code(BlobStorageException refused) {
        return refused.getErrorCode() == null ? "" : refused.getErrorCode().toString();
    }

    private static @Nullable String pause(HttpResponseException refused) {
        return refused.getResponse() == null
                ? null
                : refused.getResponse().getHeaders().getValue(HttpHeaderName.RETRY_AFTER);
    }

    private static <T extends Throwable> @Nullable T find(Throwable thrown, Class<T> type) {
        int depth = 0;
        for (Throwable cause = thrown; cause != null && depth < 50; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
            depth++;
        }
        return null;
    }
}
