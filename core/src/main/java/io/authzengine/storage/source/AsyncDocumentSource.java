package io.authzengine.storage.source;

import io.authzengine.storage.source.DocumentSource.Document;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A {@link DocumentSource} that answers later. An operation that has its answer at once returns a completed stage, so a source may
 * be asynchronous in one operation and not in the other. The stages may complete on any thread; they are cancelled when
 * nobody waits for them any more. What is said of {@link DocumentSource} holds here too.
 */
public interface AsyncDocumentSource extends AutoCloseable {
    /** Begins to ask for the validator, as {@link DocumentSource#etag}. */
    CompletionStage<Optional<String>> etag();

    /** Begins to load the document, as {@link DocumentSource#load}. */
    CompletionStage<Document> load();

    /** Frees what is held; idempotent. Nothing by default. */
    @Override
    default void close() {}

    /** Returns this source as one that blocks its caller until the answer is there. */
    default DocumentSource blocking() {
        return new BlockingDocument(this);
    }

    /** Returns this document as a backend with one location, as {@link DocumentSource#at}. */
    default PolicySource at(String location) {
        return blocking().at(location);
    }
}
