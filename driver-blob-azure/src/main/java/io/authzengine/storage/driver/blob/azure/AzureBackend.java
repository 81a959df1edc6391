package io.authzengine.storage.driver.blob.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import io.authzengine.storage.driver.blob.BlobBackend;
import io.authzengine.storage.driver.blob.BlobStore;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How Azure Blob Storage is reached.
 *
 * @param account the storage account; not needed if there is an endpoint
 * @param login who one is
 * @param endpoint of the account; empty for {@code https://ACCOUNT.blob.core.windows.net}, and with a connection string, which has its own
 */
public record AzureBackend(Optional<String> account, AzureLogin login, Optional<URI> endpoint) implements BlobBackend {
    private static final Pattern ACCOUNT = Pattern.compile("(?:^|;)AccountName=([a-z0-9]+)");
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
    /** A look reads many objects, and need not begin anew because one of the calls stumbled; the loop does the rest. */
    private static final RequestRetryOptions RETRIES = new RequestRetryOptions(
            RetryPolicyType.EXPONENTIAL, 3, READ_TIMEOUT, Duration.ofMillis(100), Duration.ofSeconds(2), null);

    public AzureBackend {
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(login, "login");
        Objects.requireNonNull(endpoint, "endpoint");
    }

    /** Returns the account that a connection string names, entered as it says. */
    public static AzureBackend connectionString(String text) {
        Matcher account = ACCOUNT.matcher(text);
        return new AzureBackend(
                account.find() ? Optional.of(account.group(1)) : Optional.empty(),
                AzureLogin.connectionString(text),
                Optional.empty());
    }

    @Override
    public String address(String bucket) {
        String where = account.or(() -> endpoint.map(URI::getAuthority)).orElse("");
        return "azure://" + where + (where.isEmpty() ? "" : "/") + bucket;
    }

    @Override
    public BlobStore open(Target target) {
        return new AzureBlobStore(this, target);
    }

    BlobContainerClient connect(String container) throws IOException {
        HttpClient http = new JdkHttpClientBuilder()
                .connectionTimeout(CONNECT_TIMEOUT)
                .responseTimeout(READ_TIMEOUT)
                .readTimeout(READ_TIMEOUT)
                .build();
        BlobContainerClientBuilder builder =
                new BlobContainerClientBuilder().httpClient(http).retryOptions(RETRIES);
        endpoint.map(URI::toString)
                .or(() -> account.map(name -> "https://" + name + ".blob.core.windows.net"))
                .ifPresent(builder::endpoint);
        login.enter(builder, http);
        return builder.containerName(container).buildClient();
    }
}
