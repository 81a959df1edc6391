package io.authzengine.storage.parser;

import io.authzengine.storage.policy.Constants;
import io.authzengine.storage.policy.ScopePermissions;
import io.authzengine.storage.policy.Variables;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields that resource, principal and role policies have in common. */
final class PolicyFields {
    private static final String PERMISSIONS_PREFIX = "SCOPE_PERMISSIONS_";

    private final DocumentReader in;
    private final ImportsDecoder imports;
    private final NameRule versionRule;
    private final List<ScopePermissions> allowed;

    private @Nullable String version;
    private String scope = "";
    private ScopePermissions scopePermissions = ScopePermissions.UNSPECIFIED;
    private Variables variables = Variables.NONE;
    private Constants constants = Constants.NONE;

    /**
     * @param versionRule what a version may look like
     * @param allowed the scope permissions the kind may have
     */
    PolicyFields(DocumentReader in, NameRule versionRule, List<ScopePermissions> allowed) {
        this.in = in;
        this.imports = new ImportsDecoder(in);
        this.versionRule = versionRule;
        this.allowed = allowed;
    }

    /** Reads the field {@code key} if it is one of these; false if it is not, and nothing has been read. */
    boolean read(Event key) {
        switch (key.text()) {
            case "version" -> version = in.name("version", versionRule);
            case "scope" -> scope = in.name("scope", NameRule.SCOPE);
            case "scopePermissions" -> scopePermissions = permissions();
            case "variables" -> variables = imports.variables();
            case "constants" -> constants = imports.constants();
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Notes that there is no version, if there is none in the policy at {@code position}. */
    void requireVersion(long position, String where) {
        if (version == null) {
            in.missing(position, where, "version", "add 'version: default'");
        }
    }

    /** Returns the version; {@code default} if none is written. */
    String version() {
        return version == null || version.isEmpty() ? "default" : version;
    }

    /** Returns whether version and scope are written as they must be, so that they can be part of an id. */
    boolean canIdentify() {
        return versionRule.fullyAccepts(version == null ? "" : version) && NameRule.SCOPE.fullyAccepts(scope);
    }

    String scope() {
        return scope;
    }

    ScopePermissions scopePermissions() {
        return scopePermissions;
    }

    Variables variables() {
        return variables;
    }

    Constants constants() {
        return constants;
    }

    private ScopePermissions permissions() {
        long position = in.position();
        int errors = in.problems().errors();
        String written = in.text("scopePermissions");
        for (ScopePermissions permissions : allowed) {
            if (written.equals(PERMISSIONS_PREFIX + permissions)) {
                return permissions;
            }
        }
        if (errors == in.problems().errors()) {
            List<String> names =
                    allowed.stream().map(one -> PERMISSIONS_PREFIX + one).toList();
            in.problems()
                    .invalid(
                            position,
                            "scopePermissions " + Shown.quoted(written) + " is not known, expected one of "
                                    + String.join(", ", names));
        }
        return ScopePermissions.UNSPECIFIED;
    }
}
