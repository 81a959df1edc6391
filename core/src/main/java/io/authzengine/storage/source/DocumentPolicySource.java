package io.authzengine.storage.source;

import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.StorageException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One document as a backend. Its validator is the token, asked for before the document is loaded; a document that comes with another
 * one was changed in between, so that a validator is never noted for a content it does not belong to.
 */
final class DocumentPolicySource implements PolicySource {
    private final DocumentSource source;
    private final String location;
    private @Nullable SourceContext context; // Written by open; the loop's calls follow one another.

    DocumentPolicySource(DocumentSource source, String location) {
        this.source = source;
        this.location = Objects.requireNonNull(location, "location");
    }

    @Override
    public void open(SourceContext sourceContext) {
        context = sourceContext;
    }

    @Override
    public Optional<Manifest> manifest(Revision last) {
        String etag = etag();
        if (!last.isNone() && last.token().equals(etag)) {
            return Optional.empty();
        }
        return Optional.of(Manifest.complete(new Revision(etag), List.of(SourceEntry.of(location, etag))));
    }

    /** Returns the validator; empty if it is not known. Why it is not will be told by loading, which comes next then. */
    private String etag() {
        try {
            return source.etag().orElse("");
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (IOException | RuntimeException unknown) {
            return "";
        }
    }

    @Override
    public void read(Manifest at, List<SourceEntry> wanted, Sink into) {
        for (SourceEntry entry : wanted) {
            DocumentSource.Document document = load();
            String etag = entry.token().isEmpty() ? "" : document.etag().orElseGet(this::etag);
            if (etag.equals(entry.token())) {
                into.accept(entry, document.text().toByteArray());
            } else {
                into.moved(entry);
            }
        }
    }

    private DocumentSource.Document load() {
        try {
            return source.load();
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (IOException e) {
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new ConnectionFailedException(
                    Problem.in(driverId(), "the document cannot be loaded: " + reason)
                            .at(location),
                    e);
        }
    }

    private StorageException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new ConnectionFailedException(
                Problem.in(driverId(), "interrupted while the document was loaded")
                        .at(location),
                cause);
    }

    private String driverId() {
        return Objects.requireNonNull(context, "open comes first").driverId();
    }

    @Override
    public void close() {
        source.close();
    }
}
