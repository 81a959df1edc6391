package io.authzengine.storage.driver.http;

import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.Staleness;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.StorageDriverProvider;
import io.authzengine.storage.source.SourceDriver;
import io.authzengine.storage.source.SyncSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes drivers for policies behind URLs. Thread-safe. */
public final class HttpDriverProvider implements StorageDriverProvider {
    private static final Logger LOG = LoggerFactory.getLogger(HttpDriverProvider.class);

    @Override
    public String type() {
        return StorageDriver.HTTP;
    }

    @Override
    public StorageDriver create(DriverConfig config, StorageContext context) {
        Staleness staleness = Staleness.read(config);
        return create(new HttpSettings(config).read(), staleness, context);
    }

    /** Makes a driver without a configuration file; does no I/O yet. */
    public StorageDriver create(HttpConfig config, StorageContext context) {
        return create(config, Staleness.NONE, context);
    }

    private StorageDriver create(HttpConfig config, Staleness staleness, StorageContext context) {
        HttpConfig.Timing timing = config.timing();
        if (config.sendsSecretsInTheClear()) {
            LOG.warn(
                    "[{}] Credentials are sent over http, where whoever stands on the way can read them; use https",
                    config.id());
        }
        SyncSettings settings = SyncSettings.DEFAULT
                .withPollInterval(timing.pollInterval())
                .withCallTimeout(timing.callTimeout())
                .withRetries(timing.retries())
                .withRetryDelays(timing.retryBase(), timing.retryCap())
                .withStaleness(staleness);
        return new SourceDriver(config.id(), type(), new HttpSource(config), settings, context);
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("urls", "documents and bundles (.tar.gz, .zip), http or https");
        settings.put("pollInterval", "time between looks; default 30s");
        settings.put("timeout", "longest silence of a server; default 5s");
        settings.put("callTimeout", "longest time of a look at all URLs; default 30s");
        settings.put("retries", "looks tried again at once after a failure that may pass; default 3");
        settings.put("retryBase", "bound of the first delay before a retry, doubles, full jitter; default 500ms");
        settings.put("retryCap", "bound of every delay before a retry; default 8s");
        settings.put("auth", "bearer, bearerFile; username with password, passwordFile; header with value, valueFile");
        settings.put("tls", "ca, certificate, key (PEM files), pins (sha256/…)");
        settings.put("http2", "whether HTTP/2 is used where TLS offers it; default true");
        settings.put("proxy", "HOST:PORT of a proxy; default none");
        settings.put("proxyAuth", "username with password, passwordFile, sent to the proxy alone; default none");
        settings.put("allowPrivate", "whether private, local and link-local addresses are allowed; default true");
        settings.put("redirects", "max (default 5), hosts that may be redirected to beside the URL's own");
        settings.put("look", "conditional, or head for servers that ignore conditions; default conditional");
        settings.put("hint", "none, long-poll or sse: how the server tells that there is something new; default none");
        settings.put("hintUrl", "where it tells; default the first URL, or /api/policies/stream beside it");
        settings.put("signature", "keys (id, publicKey), stateDir, name: what must be signed, and by whom");
        settings.put("maxBytes", "most bytes of an answer, unpacked too; default 67108864");
        settings.put("softAge", "age of the last look at which health is degraded; default three pollIntervals");
        settings.put("hardAge", "age of the last look at which onHardAge holds; default never");
        settings.put("onHardAge", "serve, or fail-closed: every lookup is quarantined; default serve");
        settings.put("id", "name of the driver; default http- and a digest of the URLs");
        return settings;
    }
}
