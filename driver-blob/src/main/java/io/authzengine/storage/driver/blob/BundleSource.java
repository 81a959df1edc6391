package io.authzengine.storage.driver.blob;

import io.authzengine.storage.policy.Sha256;
import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.PolicySource;
import io.authzengine.storage.source.Revision;
import io.authzengine.storage.source.SourceContext;
import io.authzengine.storage.source.SourceEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Policies in a bucket, all of them in one archive that is exchanged as a whole. */
final class BundleSource implements PolicySource {
    private static final String WITHIN = "!/";

    private final BlobConfig config;
    private volatile @Nullable Opened opened; // Written by the loop's calls, which follow one another, and by close.
    private Map<String, byte[]> held = Map.of(); // By location; written by the loop's calls.

    /** What there is while the source is open. */
    private record Opened(BlobStore store, BundleObject object) {}

    BundleSource(BlobConfig config) {
        this.config = config;
    }

    @Override
    public void open(SourceContext context) {
        BlobErrors errors = config.errors(context.driverId());
        BlobStore store = config.open(errors);
        opened = new Opened(
                store, new BundleObject(config, store, errors, context.context().clock()));
    }

    @Override
    public Optional<Manifest> manifest(Revision last) {
        Opened now = opened();
        Optional<BundleObject.Content> news = now.object().look(last.token());
        if (news.isEmpty()) {
            return Optional.empty();
        }
        BundleObject.Content content = news.get();
        List<SourceEntry> entries = new ArrayList<>();
        Map<String, byte[]> documents = new java.util.HashMap<>();
        content.documents().forEach((name, bytes) -> {
            String location = config.location(content.blob().key()) + WITHIN + name;
            documents.put(location, bytes);
            entries.add(new SourceEntry(
                    location,
                    Sha256.hex(bytes),
                    OptionalLong.of(bytes.length),
                    content.blob().lastModified()));
        });
        held = documents;
        return Optional.of(Manifest.complete(new Revision(content.blob().token()), entries));
    }

    @Override
    public void read(Manifest at, List<SourceEntry> wanted, Sink into) {
        for (SourceEntry entry : wanted) {
            byte[] bytes = held.get(entry.location());
            if (bytes == null || !Sha256.hex(bytes).equals(entry.token())) {
                into.moved(entry);
            } else {
                into.accept(entry, bytes);
            }
        }
        held = Map.of();
    }

    @Override
    public boolean tokenLasts(SourceEntry entry) {
        return true;
    }

    private Opened opened() {
        Opened now = opened;
        if (now == null) {
            throw new IllegalStateException("the source is not open");
        }
        return now;
    }

    @Override
    public void close() {
        Opened closing = opened;
        opened = null;
        if (closing != null) {
            closing.store().close();
        }
    }
}
