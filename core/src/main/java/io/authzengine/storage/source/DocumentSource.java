package io.authzengine.storage.source;

import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.policy.RawText;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

/**
 * A backend that is one document with a validator: the shortest way to write a source. Made a driver by
 * {@code new SourceDriver(id, type, source.at(location), settings, context)}.
 *
 * <p>Both operations may block, and are interrupted at the call timeout and on close. They are never called at the same time, and
 * change nothing in the backend. An {@link IOException} is tried again with back-off; any other exception counts as permanent.
 * Whatever fails, what was loaded stays.
 */
public interface DocumentSource extends AutoCloseable {
    /**
     * What a source holds.
     *
     * @param text the whole content, YAML or JSON
     * @param etag the validator that belongs to exactly this content, from the same answer; empty if the backend has none there
     */
    record Document(RawText text, Optional<String> etag) {
        public Document {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(etag, "etag");
        }

        /** Returns a document of which no validator is known. */
        public static Document of(String text) {
            return new Document(RawText.of(text), Optional.empty());
        }

        /** Returns this document with the validator that came with it. */
        public Document withEtag(String validator) {
            return new Document(text, Optional.of(validator));
        }
    }

    /**
     * Returns a validator of what {@link #load} would return now: equal validators mean equal content. Asks the backend each
     * time, as cheaply as it can.
     *
     * @return empty if there is none; the document is then loaded at each look, and its content tells whether it has changed
     */
    Optional<String> etag() throws IOException, InterruptedException;

    /** Returns the whole document; never a part of one. */
    Document load() throws IOException, InterruptedException;

    /** Frees what is held; idempotent. Nothing by default. */
    @Override
    default void close() {}

    /**
     * Returns this document as a backend with one location.
     *
     * @param location what it is called in messages, free of credentials; read as JSON if it ends in {@code .json}, else as YAML
     */
    default PolicySource at(String location) {
        return new DocumentPolicySource(this, location);
    }

    /**
     * Returns all that {@code driver} has as one document of several, ordered by id, with the set's digest as its validator. Does not ask the backend; the
     * driver is not closed with it. A location holds {@link io.authzengine.storage.parser.ParserLimits#maxDocuments} documents at most
     * when it is read again, so this is for small sets; larger ones travel as a {@link io.authzengine.storage.bundle.Bundle}.
     */
    static DocumentSource of(StorageDriver driver) {
        return new DriverDocument(driver);
    }
}
