package io.authzengine.storage.driver.blob.s3;

import io.authzengine.storage.driver.blob.BlobErrors;
import io.authzengine.storage.driver.blob.BlobErrors.Refusal;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.StorageException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkException;

/** What the client of AWS throws, in the words of the blob driver. */
record S3Failures(BlobErrors errors) {
    private static final int SERVER_ERROR = 500;
    private static final int UNAVAILABLE = 503;

    StorageException translate(String key, SdkException failure) {
        if (failure instanceof AwsServiceException answered) {
            return errors.refused(key, new Refusal(answered.statusCode(), code(answered), pause(answered)), failure);
        }
        String message = String.valueOf(failure.getMessage());
        // The client has no type of its own for it; its message lists all the places it looked at, and why in vain.
        if (message.startsWith("Unable to load credentials")
                || message.contains("Profile file contained no credentials")) {
            return errors.noCredentials("none of the usual places has any", failure);
        }
        return errors.failed(key, failure);
    }

    /** Returns whether the same call may well do at once: the store erred or the connection broke, and nobody asked for a pause. */
    static boolean isStumble(Throwable failure) {
        if (failure instanceof AwsServiceException answered) {
            return answered.statusCode() >= SERVER_ERROR
                    && answered.statusCode() != UNAVAILABLE
                    && !answered.isThrottlingException();
        }
        return failure instanceof RetryableException || failure.getCause() instanceof IOException;
    }

    static String code(AwsServiceException failure) {
        AwsErrorDetails details = failure.awsErrorDetails();
        return details == null || details.errorCode() == null ? "" : details.errorCode();
    }

    private static Optional<Duration> pause(AwsServiceException failure) {
        AwsErrorDetails details = failure.awsErrorDetails();
        @Nullable
        String header = details == null || details.sdkHttpResponse() == null
                ? null
                : details.sdkHttpResponse().firstMatchingHeader("Retry-After").orElse(null);
        return Refusal.pause(header);
    }

    ConnectionFailedException cutListing() {
        return new ConnectionFailedException(
                errors.at("", "the listing says that there is more, and not where it goes on"));
    }
}
