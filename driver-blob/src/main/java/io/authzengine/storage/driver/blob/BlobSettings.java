package io.authzengine.storage.driver.blob;

import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.source.DocumentNames;
import io.authzengine.storage.trust.TrustedKeys;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;

/** Reads the driver's block of the configuration. Whatever is wrong is noted with its place, all at once. */
final class BlobSettings {
    private static final Set<String> OFFERED = Set.of("s3", "gcs", "azure");
    private static final String DEFAULT_BUNDLE = "policies.tar.gz";

    private final DriverConfig config;
    private final Map<String, BlobStoreProvider> providers;

    /** Where documents are. */
    private enum Layout {
        OBJECTS,
        BUNDLE
    }

    BlobSettings(DriverConfig config, Iterable<BlobStoreProvider> found) {
        this.config = config;
        this.providers = new TreeMap<>();
        for (BlobStoreProvider provider : found) {
            BlobStoreProvider other = providers.putIfAbsent(provider.name(), provider);
            if (other != null) {
                throw new IllegalStateException("two providers make blob stores \"" + provider.name() + "\": "
                        + other.getClass().getName() + " and "
                        + provider.getClass().getName() + "; keep one of them on the class path");
            }
        }
    }

    static BlobConfig read(DriverConfig config) {
        return new BlobSettings(config, ServiceLoader.load(BlobStoreProvider.class)).read();
    }

    BlobConfig read() {
        BlobStoreProvider provider = provider();
        String bucket = config.text("bucket");
        String prefix = prefix();
        List<String> extensions = extensions();
        Duration poll = config.duration("pollInterval", BlobConfig.DEFAULT_POLL_INTERVAL, ChronoUnit.SECONDS);
        Duration timeout = config.duration("callTimeout", BlobConfig.DEFAULT_CALL_TIMEOUT, ChronoUnit.SECONDS);
        int parallel = (int) config.number("parallelReads", BlobConfig.DEFAULT_PARALLEL_READS, 1, 256);
        Optional<BlobConfig.Bundled> bundle = bundle(prefix);
        BlobBackend backend = provider.backend(config.section("credentials"));
        Optional<String> id = config.id();
        config.verify();
        return new BlobConfig(id, backend, bucket, prefix, bundle, extensions, poll, timeout, parallel);
    }

    /** Without the store its settings cannot be told from slips of the pen, so nothing else is said then. */
    private BlobStoreProvider provider() {
        String name = config.text("provider");
        BlobStoreProvider provider = providers.get(name);
        if (provider != null) {
            return provider;
        }
        String given = name.isEmpty() ? "is missing" : "'" + BlobErrors.shown(name) + "' is not installed";
        String installed = providers.isEmpty()
                ? "no object store is installed"
                : "installed are " + String.join(", ", providers.keySet());
        String cure = OFFERED.contains(name)
                ? "add io.authzengine.storage:storage-driver-blob-" + name + " to the class path"
                : "write s3, gcs or azure, or add the library that provides it to the class path";
        throw new IllegalArgumentException(config.path() + ".provider: " + given + "; " + installed + "; " + cure);
    }

    private String prefix() {
        String given = config.text("prefix", BlobConfig.DEFAULT_PREFIX);
        if (given.equals("/")) {
            return "";
        }
        return given.endsWith("/") ? given : given + "/";
    }

    private List<String> extensions() {
        List<String> extensions = config.texts("extensions", DocumentNames.DEFAULT_EXTENSIONS);
        try {
            new DocumentNames(extensions, List.of());
            return extensions;
        } catch (IllegalArgumentException e) {
            config.reject("extensions", "has an entry that is no extension; write them like .yaml");
            return DocumentNames.DEFAULT_EXTENSIONS;
        }
    }

    private Optional<BlobConfig.Bundled> bundle(String prefix) {
        Layout layout = config.choice("layout", Layout.class, Layout.OBJECTS);
        Optional<String> name = config.optionalText("bundle");
        Optional<BlobConfig.Signed> signature = config.section("signature").map(BlobSettings::signature);
        int maxBytes = (int) config.number("maxBundleBytes", BlobConfig.DEFAULT_MAX_BUNDLE_BYTES, 1, 1 << 29);
        if (layout == Layout.OBJECTS) {
            name.ifPresent(given -> config.reject("bundle", "goes with layout: bundle"));
            signature.ifPresent(given -> config.reject("signature", "goes with layout: bundle"));
            return Optional.empty();
        }
        if (name.filter(given -> given.endsWith("/")).isPresent()) {
            config.reject("bundle", "is the name of an object, below prefix");
            return Optional.empty();
        }
        return Optional.of(new BlobConfig.Bundled(prefix + name.orElse(DEFAULT_BUNDLE), maxBytes, signature));
    }

    private static BlobConfig.Signed signature(DriverConfig block) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (DriverConfig key : block.sections("keys")) {
            keys.put(key.id().orElseGet(() -> key.text("id")), key.text("publicKey"));
        }
        Path stateDir = stateDir(block);
        try {
            return new BlobConfig.Signed(TrustedKeys.of(keys), stateDir);
        } catch (IllegalArgumentException e) {
            block.reject("keys", "will not do: " + e.getMessage());
            return new BlobConfig.Signed(TrustedKeys.none(), stateDir);
        }
    }

    private static Path stateDir(DriverConfig block) {
        try {
            return block.resolve(block.text("stateDir"));
        } catch (InvalidPathException e) {
            block.reject("stateDir", "is no path of this system");
            return Path.of("");
        }
    }

    static Map<String, String> described() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("provider", "s3, gcs or azure; the store's own artifact must be on the class path");
        settings.put("bucket", "the bucket or container");
        settings.put("prefix", "what keys of documents begin with, / for all; default policies/");
        settings.put("credentials", "how to reach and enter the store; without it, as the cloud's own tools do");
        settings.put("layout", "objects: a document in each object; bundle: all in one archive; default objects");
        settings.put("bundle", "key of the archive (.tar.gz, .tar, .zip) below prefix; default policies.tar.gz");
        settings.put("maxBundleBytes", "most bytes of the archive, unpacked too; default 67108864");
        settings.put("signature", "keys (id, publicKey), stateDir: by whom the archive must be signed");
        settings.put("extensions", "endings of documents' names, in any case; default .yaml .yml .json");
        settings.put("pollInterval", "time between looks; default 60s");
        settings.put("softAge", "age of the last look at which health is degraded; default three pollIntervals");
        settings.put("hardAge", "age of the last look at which onHardAge holds; default never");
        settings.put("onHardAge", "serve or fail-closed; default serve");
        settings.put("callTimeout", "longest time of a listing, and of a reading that gets nowhere; default 60s");
        settings.put("parallelReads", "objects that are read at a time; default 16");
        settings.put("id", "name of the driver; default blob- and a digest of what it reads");
        return settings;
    }
}
