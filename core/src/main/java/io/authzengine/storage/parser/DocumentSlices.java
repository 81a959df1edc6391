package io.authzengine.storage.parser;

import io.authzengine.storage.policy.RawText;
import java.util.ArrayList;
import java.util.List;

/** The bytes of each document of a location: all of them if it is alone, else from its first line to the next document's. */
final class DocumentSlices {
    private final byte[] bytes;
    /** The lines on which documents begin, empty ones included, in order. */
    private final List<Integer> starts = new ArrayList<>();

    DocumentSlices(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Notes that a document begins on {@code line}; returns its place among all documents, from 0. */
    int add(int line) {
        starts.add(starts.isEmpty() ? 1 : line);
        return starts.size() - 1;
    }

    /** Returns the first line of a document. */
    int line(int document) {
        return starts.get(document);
    }

    RawText whole() {
        return RawText.copyOf(bytes, 0, bytes.length);
    }

    RawText slice(int document) {
        int from = offset(starts.get(document));
        int to = document + 1 < starts.size() ? offset(starts.get(document + 1)) : bytes.length;
        return RawText.copyOf(bytes, from, to);
    }

    private int offset(int line) {
        int lines = 1;
        for (int i = 0; i < bytes.length && lines <= line; i++) {
            if (lines == line) {
                return i;
            }
            boolean breaks = bytes[i] == '\n' || (bytes[i] == '\r' && (i + 1 == bytes.length || bytes[i + 1] != '\n'));
            lines += breaks ? 1 : 0;
        }
        return bytes.length;
    }
}
