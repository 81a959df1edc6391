package io.authzengine.storage.driver.blob.gcs;

import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.blob.BlobBackend;
import io.authzengine.storage.driver.blob.BlobEndpoint;
import io.authzengine.storage.driver.blob.BlobStoreProvider;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Google Cloud Storage. Thread-safe. */
public final class GcsBlobStoreProvider implements BlobStoreProvider {
    private static final String ACCOUNT = "credentials";
    private static final List<String> ACCOUNT_REST = List.of(
            "type", "project_id", "auth_uri", "auth_provider_x509_cert_url", "client_x509_cert_url", "universe_domain");

    @Override
    public String name() {
        return "gcs";
    }

    @Override
    public BlobBackend backend(Optional<DriverConfig> credentials) {
        return credentials.map(GcsBlobStoreProvider::read).orElse(GcsBackend.DEFAULT);
    }

    private static GcsBackend read(DriverConfig config) {
        Optional<String> project = config.optionalText("projectId");
        Optional<URI> endpoint = BlobEndpoint.read(config);
        return new GcsBackend(project, login(config), endpoint);
    }

    private static GcsLogin login(DriverConfig config) {
        Optional<Path> file = config.optionalText("keyFilename").map(text -> path(config, text));
        boolean anonymous = config.flag("anonymous", false);
        Optional<GcsLogin> account = account(config);
        if (file.isPresent() && account.isPresent()) {
            config.reject("keyFilename", "is given beside credentials; leave out one of them");
        }
        if (anonymous && (file.isPresent() || account.isPresent())) {
            config.reject("anonymous", "is given beside keyFilename or credentials; leave out one of them");
        }
        return account.or(() -> file.map(GcsLogin::file)).orElse(anonymous ? GcsLogin.ANONYMOUS : GcsLogin.STANDARD);
    }

    /** The JSON of a service account, as text or as a block with the same keys. */
    private static Optional<GcsLogin> account(DriverConfig config) {
        if (!config.isSection(ACCOUNT)) {
            return config.secret(ACCOUNT).map(GcsLogin::json);
        }
        return config.section(ACCOUNT).map(block -> {
            ACCOUNT_REST.forEach(block::optionalText);
            String email = block.text("client_email");
            String clientId = block.text("client_id", "unknown");
            Optional<String> key = block.secret("private_key");
            String keyId = block.text("private_key_id", "unknown");
            Optional<String> tokens = block.optionalText("token_uri");
            if (key.isEmpty()) {
                block.reject("private_key", "is missing");
            }
            return GcsLogin.account(clientId, email, key.orElse(""), keyId, tokens.map(URI::create));
        });
    }

    private static Path path(DriverConfig config, String text) {
        try {
            return config.resolve(text);
        } catch (InvalidPathException e) {
            config.reject("keyFilename", "is no path of this system");
            return Path.of("");
        }
    }
}
