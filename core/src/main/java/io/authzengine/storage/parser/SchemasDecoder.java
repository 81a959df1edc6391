package io.authzengine.storage.parser;

import io.authzengine.storage.policy.Schemas;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code schemas} of a resource policy. */
final class SchemasDecoder {
    private static final List<String> FIELDS = List.of("principalSchema", "resourceSchema");
    private static final List<String> SCHEMA = List.of("ref", "ignoreWhen");
    private static final List<String> IGNORE = List.of("actions");

    private final DocumentReader in;

    SchemasDecoder(DocumentReader in) {
        this.in = in;
    }

    Schemas schemas() {
        if (!in.enterMapping("schemas")) {
            return Schemas.NONE;
        }
        Optional<Schemas.Ref> principal = Optional.empty();
        Optional<Schemas.Ref> resource = Optional.empty();
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key.text()) {
                case "principalSchema" -> principal = ref("principalSchema");
                case "resourceSchema" -> resource = ref("resourceSchema");
                default -> in.unknown(key, "schemas", FIELDS);
            }
        }
        return new Schemas(principal, resource);
    }

    private Optional<Schemas.Ref> ref(String what) {
        long position = in.position();
        if (!in.enterMapping(what)) {
            return Optional.empty();
        }
        @Nullable String ref = null;
        List<String> ignored = List.of();
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key.text()) {
                case "ref" -> ref = reference();
                case "ignoreWhen" -> ignored = ignoreWhen();
                default -> in.unknown(key, what, SCHEMA);
            }
        }
        if (ref == null) {
            in.missing(position, what, "ref", "add where the schema is, such as 'ref: cerbos:///leave.json'");
            return Optional.empty();
        }
        return Optional.of(new Schemas.Ref(ref, ignored));
    }

    private String reference() {
        long position = in.position();
        int errors = in.problems().errors();
        String ref = in.text("ref");
        if (ref.isEmpty() && errors == in.problems().errors()) {
            in.problems().invalid(position, "ref is empty, expected where the schema is");
        }
        return ref;
    }

    private List<String> ignoreWhen() {
        long position = in.position();
        if (!in.enterMapping("ignoreWhen")) {
            return List.of();
        }
        @Nullable List<String> actions = null;
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            if (key.text().equals("actions")) {
                actions = in.someNames("ignoreWhen.actions", NameRule.LABEL);
            } else {
                in.unknown(key, "ignoreWhen", IGNORE);
            }
        }
        if (actions == null) {
            in.missing(position, "ignoreWhen", "actions", "add the actions for which the schema is not applied");
            return List.of();
        }
        return actions;
    }
}
