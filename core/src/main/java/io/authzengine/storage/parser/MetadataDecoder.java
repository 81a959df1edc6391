package io.authzengine.storage.parser;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code metadata}. Only the annotations are the author's; the rest is what tools left there, checked and dropped. */
final class MetadataDecoder {
    private static final List<String> FIELDS =
            List.of("id", "annotations", "hash", "sourceFile", "storeIdentifier", "storeIdentifer", "sourceAttributes");
    private static final List<String> SOURCE_ATTRIBUTES = List.of("attributes");

    private final DocumentReader in;
    private @Nullable Event idKey;
    private String id = "";

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
                case "id" -> {
                    idKey = key;
                    id = in.name("metadata.id", NameRule.EXPORT);
                }
                case "hash" -> hash();
                case "sourceFile", "storeIdentifier", "storeIdentifer" -> in.text("metadata." + key.text());
                case "sourceAttributes" -> sourceAttributes();
                default -> in.unknown(key, "metadata", FIELDS);
            }
        }
        return annotations;
    }

    /** Returns the name the document gives itself; empty if none. */
    String id() {
        return id;
    }

    /** Notes that the document may not give itself a name, if it does. */
    void refuseId() {
        if (idKey != null) {
            in.problems()
                    .invalid(
                            idKey.position(),
                            "metadata has no field 'id' but in documents of rules; this one's id is made of its name and version",
                            "remove it");
        }
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
