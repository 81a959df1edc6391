package io.authzengine.storage.parser;

import io.authzengine.storage.policy.Condition;
import io.authzengine.storage.policy.DocumentHeader;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.RolePolicy;
import io.authzengine.storage.policy.ScopePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code rolePolicy}. Its version may be left out, and is {@code default} then. */
final class RolePolicyDecoder implements KindDecoder {
    private static final List<String> FIELDS =
            List.of("role", "version", "scope", "scopePermissions", "parentRoles", "rules");
    private static final List<String> RULE = List.of("resource", "allowActions", "condition");

    private final DocumentReader in;
    private final ConditionDecoder conditions;
    private final PolicyFields fields;
    private boolean complete;
    private @Nullable String role;
    private List<String> parentRoles = List.of();
    private List<RolePolicy.Rule> rules = List.of();

    RolePolicyDecoder(DocumentReader in) {
        this.in = in;
        this.conditions = new ConditionDecoder(in);
        this.fields = new PolicyFields(
                in,
                NameRule.OPTIONAL_VERSION,
                List.of(ScopePermissions.UNSPECIFIED, ScopePermissions.REQUIRE_PARENTAL_CONSENT_FOR_ALLOWS));
    }

    @Override
    public void read(Event kind) {
        if (!in.enterMapping("rolePolicy")) {
            return;
        }
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key.text()) {
                case "role" -> role = in.name("role", NameRule.SUBJECT);
                case "parentRoles" -> parentRoles = in.names("parentRoles", NameRule.LABEL);
                case "rules" -> rules = rules();
                case "variables", "constants" -> in.unknown(key, "rolePolicy", FIELDS);
                default -> {
                    if (!fields.read(key)) {
                        in.unknown(key, "rolePolicy", FIELDS);
                    }
                }
            }
        }
        if (role == null) {
            in.missing(kind.position(), "rolePolicy", "role", "add the role it is about");
        }
        complete = true;
    }

    private List<RolePolicy.Rule> rules() {
        if (!in.enterSequence("rules")) {
            return List.of();
        }
        List<RolePolicy.Rule> read = new ArrayList<>();
        while (in.nextItem()) {
            rule().ifPresent(read::add);
        }
        return read;
    }

    private Optional<RolePolicy.Rule> rule() {
        long position = in.position();
        if (!in.enterMapping("each of rules")) {
            return Optional.empty();
        }
        @Nullable String resource = null;
        @Nullable List<String> allowActions = null;
        Optional<Condition> condition = Optional.empty();
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key.text()) {
                case "resource" -> resource = in.name("resource", NameRule.LABEL);
                case "allowActions" -> allowActions = in.someNames("allowActions", NameRule.LABEL);
                case "condition" -> condition = conditions.condition();
                default -> in.unknown(key, "a rule of rolePolicy", RULE);
            }
        }
        if (resource == null) {
            in.missing(position, "the rule", "resource", "add the kind of resource, or '*' for all");
        }
        if (allowActions == null) {
            in.missing(position, "the rule", "allowActions", "add the actions the role may do");
        }
        return resource == null || allowActions == null
                ? Optional.empty()
                : Optional.of(new RolePolicy.Rule(resource, allowActions, condition));
    }

    @Override
    public PolicyContent content(DocumentHeader header) {
        return new RolePolicy(
                header,
                role == null ? "" : role,
                fields.version(),
                fields.scope(),
                fields.scopePermissions(),
                parentRoles,
                rules);
    }

    @Override
    public Set<String> localVariables() {
        return Set.of();
    }

    @Override
    public Optional<PolicyId> id() {
        return complete && role != null && NameRule.SUBJECT.fullyAccepts(role) && fields.canIdentify()
                ? Optional.of(PolicyId.ofRole(role, fields.version(), fields.scope()))
                : Optional.empty();
    }
}
