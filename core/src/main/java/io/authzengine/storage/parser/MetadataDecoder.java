package io.authzengine.storage.parser;

import java.util.List;
import java.util.Map;

/** Reads {@code metadata}. Only the annotations are the author's; the rest is what tools left there, checked and dropped. */
final class MetadataDecoder {
    private static final List<String> FIELDS =
            List.of("annotations", "hash", "sourceFile", "storeIdentifier", "storeIdentifer", "sourceAttributes");
    private static final List<String> SOURCE_ATTRIBUTES = List.of("attributes");

    private final DocumentReader in;

    MetadataDecoder(DocumentReader in) {
        this.in = in;
    }

    /** Returns the annotations. */
    Map<String, String> metadata() {
        Map<String, String> annotations = Map.of();
        if (!in.enterMapping("metadata")) {
            return annotations;
        }
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key.text()) {
                case "annotations" -> annotations = in.texts("metadata.annotations");
                case "hash" -> hash();
                case "sourceFile", "storeIdentifier", "storeIdentifer" -> in.text("metadata." + key.text());
                case "sourceAttributes" -> sourceAttributes();
                default -> in.unknown(key, "metadata", FIELDS);
            }
        }
        return annotations;
    }

    private void hash() {
        long position = in.position();
        int errors = in.problems().errors();
        String hash = in.text("metadata.hash");
        try {
            Long.parseUnsignedLong(hash);
        } catch (NumberFormatException notOne) {
            if (errors == in.problems().errors()) {
                in.problems()
                        .invalid(
                                position,
                                "metadata.hash must be a whole number of at most 64 bits, found " + Shown.quoted(hash),
                                "remove it, it is computed");
            }
        }
    }

    private void sourceAttributes() {
        if (!in.enterMapping("metadata.sourceAttributes")) {
            return;
        }
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            if (key.text().equals("attributes")) {
                in.value();
            } else {
                in.unknown(key, "metadata.sourceAttributes", SOURCE_ATTRIBUTES);
            }
        }
    }
}
