package io.authzengine.storage.it.matrix;

import io.authzengine.storage.bundle.Bundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A bucket with one bundle in it, as many objects cannot be changed as one. */
final class BucketBackend implements BackendUnderTest {
    static final String BUCKET = "matrix";
    private static final String KEY = "policies/policies.tar.gz";

    private final String provider;
    private final ObjectStore store;
    private final Wire wire;
    private final Set<Harm> harms = EnumSet.noneOf(Harm.class);
    private byte[] bundle = new byte[0];
    private int port;

    private BucketBackend(String provider, ObjectStore store) throws IOException {
        this.provider = provider;
        this.store = store;
        this.port = store.port();
        this.wire = Wire.to(port);
    }

    static BucketBackend s3(Path directory) throws IOException {
        return new BucketBackend("s3", new S3Store());
    }

    static BucketBackend gcs(Path directory) throws IOException {
        return new BucketBackend("gcs", FakeStore.gcs());
    }

    static BucketBackend azure(Path directory) throws IOException {
        return new BucketBackend("azure", FakeStore.azure());
    }

    @Override
    public String settings() {
        return """
                type: blob
                id: bucket
                provider: %s
                bucket: %s
                layout: bundle
                pollInterval: 1s
                callTimeout: 10s
                credentials: {%s}
                """.formatted(provider, BUCKET, store.credentials(wire.port()));
    }

    @Override
    public void publish(Map<String, String> documents) {
        SortedMap<String, byte[]> entries = new TreeMap<>();
        documents.forEach((name, text) -> entries.put(name, text.getBytes(StandardCharsets.UTF_8)));
        bundle = Bundle.write(entries);
        store();
    }

    private void store() {
        if (harms.contains(Harm.GONE)) {
            store.remove(KEY);
        } else if (harms.contains(Harm.CUT_SHORT)) {
            store.put(KEY, Arrays.copyOf(bundle, bundle.length / 2));
        } else {
            store.put(KEY, bundle);
        }
    }

    @Override
    public Optional<Wire> wire() {
        return Optional.of(wire);
    }

    @Override
    public void harm(Harm harm) throws IOException {
        harms.add(harm);
        if (isOfTheObject(harm)) {
            store();
        } else {
            store.harm(harm);
            follow();
        }
    }

    @Override
    public void heal(Harm harm) throws IOException {
        harms.remove(harm);
        if (isOfTheObject(harm)) {
            store();
        } else {
            store.heal(harm);
            follow();
        }
    }

    private static boolean isOfTheObject(Harm harm) {
        return harm == Harm.GONE || harm == Harm.CUT_SHORT;
    }

    private void follow() throws IOException {
        if (port != store.port()) {
            port = store.port();
            wire.leadTo(port);
        }
    }

    @Override
    public List<String> secrets() {
        return store.secrets();
    }

    @Override
    public void close() throws IOException {
        wire.close();
        store.close();
    }
}
