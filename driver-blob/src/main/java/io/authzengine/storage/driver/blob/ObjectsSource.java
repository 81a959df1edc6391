package io.authzengine.storage.driver.blob;

import io.authzengine.storage.bundle.BundleLimits;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.source.DocumentNames;
import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.PolicySource;
import io.authzengine.storage.source.Revision;
import io.authzengine.storage.source.SourceContext;
import io.authzengine.storage.source.SourceEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Policies in a bucket, a document in each object below a prefix. */
final class ObjectsSource implements PolicySource {
    private final BlobConfig config;
    private final DocumentNames names;
    private volatile @Nullable Opened opened; // Written by the loop's calls, which follow one another, and by close.

    /** What there is while the source is open. */
    private record Opened(BlobStore store, BlobErrors errors, SourceContext context) {}

    ObjectsSource(BlobConfig config) {
        this.config = config;
        this.names = config.names();
    }

    @Override
    public void open(SourceContext context) {
        BlobErrors errors = config.errors(context.driverId());
        opened = new Opened(config.open(errors), errors, context);
    }

    @Override
    public Optional<Manifest> manifest(Revision last) {
        Opened now = opened();
        Map<String, Blob> found = new Listing(now.store(), now.errors()).all(config.prefix(), this::isDocument);
        Fingerprint fingerprint = new Fingerprint();
        List<SourceEntry> entries = new ArrayList<>();
        List<Manifest.Refused> refused = new ArrayList<>();
        for (Blob blob : found.values()) {
            fingerprint.add(blob.key()).add(blob.token());
            String location = config.location(blob.key());
            if (blob.key().chars().anyMatch(Character::isISOControl)) {
                refused.add(new Manifest.Refused(
                        BlobErrors.shown(location), "its name holds a control character; rename it"));
            } else {
                entries.add(new SourceEntry(location, blob.token(), OptionalLong.of(blob.size()), blob.lastModified()));
            }
        }
        Revision revision = new Revision(fingerprint.text());
        return !last.isNone() && revision.equals(last)
                ? Optional.empty()
                : Optional.of(Manifest.complete(revision, entries).refusing(refused));
    }

    /**
     * Object stores have no directories; what their tools make to stand for one ends in {@code /} and so in no extension. Names of which a part
     * begins with a dot are hidden, so none leads elsewhere where a client or a proxy resolves {@code ..} in its URL.
     */
    private boolean isDocument(String key) {
        return names.matches(key.substring(config.prefix().length()));
    }

    @Override
    public void read(Manifest at, List<SourceEntry> wanted, Sink into) {
        Opened now = opened();
        Reading reading = new Reading(now, into);
        try {
            SideBySide.each(
                    wanted, config.parallelReads(), now.context().context().workers(), reading::read);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectionFailedException(now.errors().at("", "interrupted while reading objects"), e);
        }
        reading.tellFailures(wanted.size() == at.entries().size());
    }

    @Override
    public boolean tokenLasts(SourceEntry entry) {
        return Blob.isVersion(entry.token());
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

    /** One reading of many objects. Thread-safe. */
    private final class Reading {
        private final Opened now;
        private final Sink into;
        private final BundleLimits limits;
        private final Map<SourceEntry, StorageException> failures = new ConcurrentHashMap<>();
        private final Queue<SourceEntry> read = new ConcurrentLinkedQueue<>();

        Reading(Opened now, Sink into) {
            this.now = now;
            this.into = into;
            this.limits = BundleLimits.DEFAULT.withMaxBytes(now.context().maxDocumentBytes());
        }

        void read(SourceEntry entry) {
            Blob blob = config.blob(entry);
            try {
                int most = now.context().maxDocumentBytes();
                if (blob.size() > most) {
                    throw now.errors().tooLarge(blob.key(), most);
                }
                Optional<BlobContent> content = now.store().get(blob, most);
                if (content.isEmpty()) {
                    into.moved(entry);
                } else {
                    into.accept(entry, document(blob, content.get(), most));
                }
                read.add(entry);
            } catch (StorageException e) {
                if (e.code() != ErrorCode.AUTHENTICATION_FAILED && e.code() != ErrorCode.VALIDATION_ERROR) {
                    throw e;
                }
                failures.put(entry, e);
            }
        }

        private byte[] document(Blob blob, BlobContent content, int most) {
            if (content.bytes().length > most) {
                throw now.errors().tooLarge(blob.key(), most);
            }
            try {
                return content.unpacked(limits);
            } catch (IOException e) {
                throw now.errors().unreadable(blob.key(), e);
            }
        }

        /** Objects that cannot be read are their own concern, but where no object at all may be read, the credentials are at fault. */
        void tellFailures(boolean all) {
            for (StorageException failure : failures.values()) {
                if (all && read.isEmpty() && failure.code() == ErrorCode.AUTHENTICATION_FAILED) {
                    throw failure;
                }
            }
            failures.forEach(into::failed);
        }
    }
}
