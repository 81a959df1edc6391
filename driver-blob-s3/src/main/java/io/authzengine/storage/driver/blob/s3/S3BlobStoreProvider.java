package io.authzengine.storage.driver.blob.s3;

import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.blob.BlobBackend;
import io.authzengine.storage.driver.blob.BlobEndpoint;
import io.authzengine.storage.driver.blob.BlobStoreProvider;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Amazon S3 and what speaks its protocol. Thread-safe. */
public final class S3BlobStoreProvider implements BlobStoreProvider {
    @Override
    public String name() {
        return "s3";
    }

    @Override
    public BlobBackend backend(Optional<DriverConfig> credentials) {
        return credentials.map(S3BlobStoreProvider::read).orElse(S3Backend.DEFAULT);
    }

    private static S3Backend read(DriverConfig config) {
        Optional<String> region = config.optionalText("region");
        S3Login login = login(config);
        Optional<URI> endpoint = BlobEndpoint.read(config);
        boolean pathStyle = config.flag("pathStyle", endpoint.isPresent());
        boolean versions = config.flag("versions", false);
        return new S3Backend(region, login, endpoint, pathStyle, versions);
    }

    private static S3Login login(DriverConfig config) {
        Optional<String> id = config.secret("accessKeyId");
        Optional<String> secret = config.secret("secretAccessKey");
        Optional<String> session = config.secret("sessionToken");
        Optional<String> profile = config.optionalText("profile");
        Optional<Path> file = config.optionalText("credentialsFile").map(text -> path(config, text));
        if (id.isPresent() != secret.isPresent()) {
            config.reject(
                    id.isPresent() ? "accessKeyId" : "secretAccessKey",
                    "needs the other: accessKeyId and secretAccessKey");
        }
        if (session.isPresent() && id.isEmpty()) {
            config.reject("sessionToken", "belongs to accessKeyId and secretAccessKey");
        }
        if (id.isPresent() && secret.isPresent()) {
            if (profile.isPresent() || file.isPresent()) {
                config.reject("accessKeyId", "is given beside profile or credentialsFile; leave out one of them");
            }
            return S3Login.keys(id.get(), secret.get(), session);
        }
        return profile.isPresent() || file.isPresent()
                ? S3Login.profile(profile.orElse("default"), file)
                : S3Login.STANDARD;
    }

    private static Path path(DriverConfig config, String text) {
        try {
            return config.resolve(text);
        } catch (InvalidPathException e) {
            config.reject("credentialsFile", "is no path of this system");
            return Path.of("");
        }
    }
}
