package io.authzengine.storage.driver.blob.azure;

import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.blob.BlobBackend;
import io.authzengine.storage.driver.blob.BlobEndpoint;
import io.authzengine.storage.driver.blob.BlobStoreProvider;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Azure Blob Storage. Thread-safe. */
public final class AzureBlobStoreProvider implements BlobStoreProvider {
    @Override
    public String name() {
        return "azure";
    }

    @Override
    public BlobBackend backend(Optional<DriverConfig> credentials) {
        return credentials
                .map(AzureBlobStoreProvider::read)
                .orElseThrow(() -> new IllegalArgumentException(
                        "credentials: name the storage account, by accountName, endpoint or connectionString"));
    }

    /** A connection string goes before a key, a key before a signature, and without any of them Azure's tools are followed. */
    private static AzureBackend read(DriverConfig config) {
        Optional<String> connection = config.secret("connectionString");
        Optional<String> account = config.optionalText("accountName");
        Optional<String> key = config.secret("accountKey");
        Optional<String> sas = config.secret("sasToken");
        Optional<Path> sasFile = config.optionalText("sasTokenFile").map(text -> path(config, text));
        boolean anonymous = config.flag("anonymous", false);
        Optional<URI> endpoint = BlobEndpoint.read(config);
        if (connection.isPresent()) {
            return AzureBackend.connectionString(connection.get());
        }
        if (account.isEmpty() && endpoint.isEmpty()) {
            config.reject("accountName", "is missing; name the storage account, or give its endpoint");
        }
        if (key.isPresent() && account.isEmpty()) {
            config.reject("accountKey", "belongs to an accountName");
        }
        AzureLogin login = key.isPresent()
                ? AzureLogin.key(account.orElse(""), key.get())
                : sas.map(AzureLogin::signature)
                        .or(() -> sasFile.map(AzureLogin::signatureIn))
                        .orElse(anonymous ? AzureLogin.ANONYMOUS : AzureLogin.STANDARD);
        return new AzureBackend(account, login, endpoint);
    }

    private static Path path(DriverConfig config, String text) {
        try {
            return config.resolve(text);
        } catch (InvalidPathException e) {
            config.reject("sasTokenFile", "is no path of this system");
            return Path.of("");
        }
    }
}
