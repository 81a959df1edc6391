package io.authzengine.storage.parser;

import io.authzengine.storage.policy.Value;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads documents in the Cerbos format, YAML or JSON. Never throws for what a document says: that becomes findings with line
 * and column. Thread-safe; nothing is kept between calls but a pool of short strings that policies have in common.
 *
 * <p>Hostile input is bounded by {@link ParserLimits} before anything is built from it.
 */
public final class PolicyParser {
    /**
     * Names what this parser makes of documents: what a parser of another name made is not taken over from a disk. Raised with every
     * change by which a document would become other records.
     */
    public static final String READING = "1";

    private final ParserLimits limits;
    private final CommonStrings strings = new CommonStrings();

    public PolicyParser(ParserLimits limits) {
        this.limits = Objects.requireNonNull(limits, "limits");
    }

    /**
     * Parses the bytes of one location, which may hold several documents.
     *
     * @param bytes the location's content, strictly UTF-8; not kept
     * @param origin where they came from
     * @return its policies and what is wrong with it
     */
    public ParsedDocument parse(byte[] bytes, DocumentOrigin origin) {
        Objects.requireNonNull(bytes, "bytes");
        Objects.requireNonNull(origin, "origin");
        return new LocationReading(bytes, origin, limits, strings).read();
    }

    /**
     * Returns the first document in {@code bytes} as its author wrote it, for showing and comparing; empty if it cannot be read. Nothing
     * may be decided by it: here alone, what is no text is told by its looks.
     *
     * @param location the place it came from; its extension decides between YAML and JSON
     */
    public Optional<Value> tree(byte[] bytes, String location) {
        DocumentOrigin origin = new DocumentOrigin("", location, "", Optional.empty());
        return new LocationReading(bytes, origin, limits, strings).tree();
    }
}
