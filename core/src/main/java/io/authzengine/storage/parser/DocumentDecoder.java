package io.authzengine.storage.parser;

import io.authzengine.storage.policy.DocumentHeader;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.PolicyKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one document: what all have in common, and the one policy it states. */
final class DocumentDecoder {
    private static final String API_VERSION = "api.cerbos.dev/v1";
    private static final List<String> KINDS =
            PolicyKind.known().stream().map(PolicyKind::name).toList();
    private static final List<String> FIELDS = Stream.concat(
                    Stream.of(
                            "apiVersion",
                            "description",
                            "disabled",
                            "metadata",
                            "variables",
                            "$schema",
                            "policies",
                            "algorithm"),
                    KINDS.stream())
            .toList();

    private final DocumentReader in;
    private final MetadataDecoder metadata;
    private final NativeDecoder nativeRules;
    private boolean apiVersion;
    private @Nullable Event algorithmKey;
    private @Nullable KindDecoder policy;
    private @Nullable Event policyKey;
    private boolean statesMore;
    private String description = "";
    private boolean disabled;
    private Map<String, String> annotations = Map.of();
    private Map<String, String> variables = Map.of();

    DocumentDecoder(DocumentReader in) {
        this.in = in;
        this.metadata = new MetadataDecoder(in);
        this.nativeRules = new NativeDecoder(in);
    }

    /** Reads the document; returns its policy, or nothing if anything is wrong with it. */
    Optional<PolicyContent> document() {
        long position = in.position();
        int errors = in.problems().errors();
        if (!in.enterMapping("a policy document")) {
            return Optional.empty();
        }
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            field(key);
        }
        if (nativeRules.equals(policy)) {
            nativeRules.name(metadata.id());
        } else {
            requireCerbos(position);
        }
        if (policyKey == null) {
            in.problems()
                    .invalid(position, "the document states no policy, expected one of " + String.join(", ", KINDS));
        }
        checkVariables();
        return policy == null || errors < in.problems().errors()
                ? Optional.empty()
                : Optional.of(policy.content(header()));
    }

    private void requireCerbos(long position) {
        if (!apiVersion) {
            in.missing(position, "a policy document", "apiVersion", "add 'apiVersion: " + API_VERSION + "'");
        }
        if (algorithmKey != null) {
            in.problems().invalid(algorithmKey.position(), "algorithm goes with rules or policies", "remove it");
        }
        metadata.refuseId();
    }

    /** Returns whose document it is, once that is known. */
    Optional<PolicyId> id() {
        return policy == null ? Optional.empty() : policy.id();
    }

    /** Returns whether it states more than the policy it is known by. */
    boolean mayStateMore() {
        return statesMore;
    }

    private void field(Event key) {
        switch (key.text()) {
            case "apiVersion" -> readApiVersion();
            case "description" -> description = in.text("description");
            case "disabled" -> disabled = in.truth("disabled");
            case "metadata" -> annotations = metadata.metadata();
            case "variables" -> variables = in.expressions("variables");
            case "$schema" -> in.text("$schema");
            case "rules", "policies" -> readPolicy(key, nativeRules);
            case "algorithm" -> {
                algorithmKey = key;
                nativeRules.algorithm();
            }
            case "resourcePolicy" -> readPolicy(key, new ResourcePolicyDecoder(in));
            case "principalPolicy" -> readPolicy(key, new PrincipalPolicyDecoder(in));
            case "rolePolicy" -> readPolicy(key, new RolePolicyDecoder(in));
            case "derivedRoles" -> readPolicy(key, new DerivedRolesDecoder(in));
            case "exportVariables" -> readPolicy(key, ExportDecoder.ofVariables(in));
            case "exportConstants" -> readPolicy(key, ExportDecoder.ofConstants(in));
            default -> in.unknown(key, "a policy document", FIELDS);
        }
    }

    private void readApiVersion() {
        long position = in.position();
        int errors = in.problems().errors();
        String written = in.text("apiVersion");
        apiVersion = true;
        if (!written.equals(API_VERSION) && errors == in.problems().errors()) {
            in.problems()
                    .invalid(
                            position,
                            "apiVersion " + Shown.quoted(written) + " is not known, expected " + API_VERSION,
                            "write '" + API_VERSION + "'");
        }
    }

    private void readPolicy(Event key, KindDecoder decoder) {
        if (policyKey != null) {
            in.problems()
                    .invalid(
                            key.position(),
                            "a document states one policy, found " + key.text() + " beside the " + policyKey.text()
                                    + " at " + Shown.position(policyKey.position()),
                            "move it to a document of its own");
            statesMore = true;
            in.skip();
            return;
        }
        policyKey = key;
        policy = decoder;
        decoder.read(key);
    }

    /** A variable has one definition: the deprecated variables of the document must not repeat those of the policy. */
    private void checkVariables() {
        if (variables.isEmpty() || policy == null || policyKey == null) {
            return;
        }
        for (String name : policy.localVariables()) {
            if (variables.containsKey(name)) {
                in.problems()
                        .invalid(
                                policyKey.position(),
                                "the variable '" + name + "' is defined by both variables.local of " + policyKey.text()
                                        + " and the deprecated variables of the document",
                                "remove it from the latter");
            }
        }
    }

    private DocumentHeader header() {
        return description.isEmpty() && !disabled && annotations.isEmpty() && variables.isEmpty()
                ? DocumentHeader.EMPTY
                : new DocumentHeader(description, disabled, annotations, variables);
    }
}
