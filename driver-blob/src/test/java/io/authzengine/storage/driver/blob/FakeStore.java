package io.authzengine.storage.driver.blob;

import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.blob.BlobErrors.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/** A fake of an object store, in memory: for what a real one cannot be made to do when it is wanted. */
final class FakeStore implements BlobStore, BlobBackend, BlobStoreProvider {
    static final int PAGE = 1000;

    private final Map<String, Stored> objects = new ConcurrentSkipListMap<>();
    private final AtomicInteger generations = new AtomicInteger();
    final AtomicInteger lists = new AtomicInteger();
    final AtomicInteger gets = new AtomicInteger();
    final AtomicInteger atOnce = new AtomicInteger();
    final AtomicInteger mostAtOnce = new AtomicInteger();
    /** Called before a page is made, with its number. */
    volatile BiConsumer<BlobErrors, Integer> onList = (errors, page) -> {};
    /** Called before an object is read. */
    volatile BiConsumer<BlobErrors, String> onGet = (errors, key) -> {};
    /** Changes a page on its way. */
    volatile java.util.function.UnaryOperator<BlobPage> paging = page -> page;
    /** Called before an object is written. */
    volatile Consumer<String> onPut = key -> {};

    volatile boolean versions = true;
    private volatile BlobErrors errors = new BlobErrors("none", "fake://none");

    private static final class Stored {
        private final byte[] bytes;
        private final String encoding;
        private final String token;

        Stored(byte[] bytes, String encoding, String token) {
            this.bytes = bytes;
            this.encoding = encoding;
            this.token = token;
        }
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public BlobBackend backend(Optional<DriverConfig> credentials) {
        credentials.ifPresent(block -> block.secret("key"));
        return this;
    }

    @Override
    public String address(String bucket) {
        return "fake://" + bucket;
    }

    @Override
    public BlobStore open(Target target) {
        errors = target.errors();
        return this;
    }

    void put(String key, String text) {
        put(key, text.getBytes(StandardCharsets.UTF_8));
    }

    void put(String key, byte[] bytes) {
        store(key, bytes, "");
    }

    void putPacked(String key, String text) {
        store(key, gzip(text), "gzip");
    }

    void store(String key, byte[] bytes, String encoding) {
        objects.put(key, new Stored(bytes, encoding, "g" + generations.incrementAndGet()));
    }

    static byte[] gzip(String text) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return packed.toByteArray();
    }

    void remove(String key) {
        objects.remove(key);
    }

    byte[] bytes(String key) {
        return blobOf(key).bytes;
    }

    private Stored blobOf(String key) {
        return Optional.ofNullable(objects.get(key)).orElseThrow();
    }

    @Override
    public BlobPage list(String prefix, Optional<String> next) {
        lists.incrementAndGet();
        int page = next.map(Integer::parseInt).orElse(0);
        onList.accept(errors, page + 1);
        List<Blob> blobs = new ArrayList<>();
        objects.forEach((key, stored) -> {
            if (key.startsWith(prefix)) {
                blobs.add(blob(key, stored));
            }
        });
        int end = Math.min(blobs.size(), (page + 1) * PAGE);
        Optional<String> following = end < blobs.size() ? Optional.of("" + (page + 1)) : Optional.empty();
        return paging.apply(new BlobPage(blobs.subList(Math.min(end, page * PAGE), end), following));
    }

    private Blob blob(String key, Stored stored) {
        Optional<Instant> modified = Optional.of(Instant.EPOCH);
        return versions
                ? Blob.versioned(key, stored.token, stored.bytes.length, modified)
                : Blob.tagged(key, stored.token, stored.bytes.length, modified);
    }

    @Override
    public Optional<BlobContent> get(Blob blob, int maxBytes) {
        gets.incrementAndGet();
        mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
        try {
            onGet.accept(errors, blob.key());
            Stored stored = objects.get(blob.key());
            return stored == null || !stored.token.equals(blob.stamp())
                    ? Optional.empty()
                    : Optional.of(new BlobContent(stored.bytes, stored.encoding));
        } finally {
            atOnce.decrementAndGet();
        }
    }

    @Override
    public boolean put(String key, byte[] content, Optional<Blob> instead) {
        onPut.accept(key);
        Stored stored = objects.get(key);
        if (!Optional.ofNullable(stored).map(known -> blob(key, known)).equals(instead)) {
            return false;
        }
        put(key, content);
        return true;
    }

    @Override
    public void close() {}

    static RuntimeException refusal(BlobErrors errors, int status, String code) {
        return errors.refused("", new Refusal(status, code, Optional.empty()), new IOException("refused"));
    }

    static RuntimeException busy(BlobErrors errors, Duration pause) {
        return errors.refused("", new Refusal(503, "SlowDown", Optional.of(pause)), new IOException("busy"));
    }
}
