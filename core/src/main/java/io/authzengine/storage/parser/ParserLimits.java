package io.authzengine.storage.parser;

/**
 * What a document may cost, checked before anything is built from it.
 *
 * @param maxBytes size of a location's bytes; default 1 MiB
 * @param maxDocuments documents in one location; default 100
 * @param maxDepth nesting of mappings and sequences; default 50
 * @param maxAliases aliases to mappings and sequences in a document; default 50
 * @param maxNodes nodes in a document, after aliases are resolved; default 1,000,000
 * @param maxNumberLength characters of a number; default 32
 */
public record ParserLimits(
        int maxBytes, int maxDocuments, int maxDepth, int maxAliases, int maxNodes, int maxNumberLength) {
    /** The limits that hold unless others are set. */
    public static final ParserLimits DEFAULT = new ParserLimits(1 << 20, 100, 50, 50, 1_000_000, 32);
}
