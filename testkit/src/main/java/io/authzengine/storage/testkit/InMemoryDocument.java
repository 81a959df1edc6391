package io.authzengine.storage.testkit;

import io.authzengine.storage.policy.RawText;
import io.authzengine.storage.source.DocumentSource;
import java.util.Objects;
import java.util.Optional;

/** One document in memory with its validator: the smallest {@link DocumentSource} there is. Thread-safe. */
public final class InMemoryDocument implements DocumentSource {
    /** The validator of a document that was given none. */
    public static final String DEFAULT_ETAG = "v1";

    private volatile Document document;

    /** Holds {@code text} under {@link #DEFAULT_ETAG}. */
    public InMemoryDocument(String text) {
        this(text, DEFAULT_ETAG);
    }

    /** Holds {@code text} under {@code etag}. */
    public InMemoryDocument(String text, String etag) {
        this.document = document(text, etag);
    }

    private static Document document(String text, String etag) {
        Objects.requireNonNull(etag, "etag");
        return new Document(RawText.of(text), Optional.of(etag));
    }

    /** Holds another text under another validator from now on. */
    public void replace(String text, String etag) {
        document = document(text, etag);
    }

    @Override
    public Optional<String> etag() {
        return document.etag();
    }

    @Override
    public Document load() {
        return document;
    }
}
