package io.authzengine.storage.parser;

import io.authzengine.storage.policy.Constants;
import io.authzengine.storage.policy.Value;
import io.authzengine.storage.policy.Variables;
import java.util.List;
import java.util.Map;

/** Reads {@code variables} and {@code constants} of a policy: names to import, and what is defined on the spot. */
final class ImportsDecoder {
    private static final List<String> FIELDS = List.of("import", "local");

    private final DocumentReader in;

    ImportsDecoder(DocumentReader in) {
        this.in = in;
    }

    Variables variables() {
        if (!in.enterMapping("variables")) {
            return Variables.NONE;
        }
        List<String> imports = List.of();
        Map<String, String> local = Map.of();
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key.text()) {
                case "import" -> imports = in.names("variables.import", NameRule.EXPORT);
                case "local" -> local = in.expressions("variables.local");
                default -> in.unknown(key, "variables", FIELDS);
            }
        }
        return new Variables(imports, local);
    }

    Constants constants() {
        if (!in.enterMapping("constants")) {
            return Constants.NONE;
        }
        List<String> imports = List.of();
        Map<String, Value> local = Map.of();
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key.text()) {
                case "import" -> imports = in.names("constants.import", NameRule.EXPORT);
                case "local" -> local = in.constants("constants.local");
                default -> in.unknown(key, "constants", FIELDS);
            }
        }
        return new Constants(imports, local);
    }
}
