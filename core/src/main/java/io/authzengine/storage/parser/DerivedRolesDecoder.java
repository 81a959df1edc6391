package io.authzengine.storage.parser;

import io.authzengine.storage.policy.Condition;
import io.authzengine.storage.policy.Constants;
import io.authzengine.storage.policy.DerivedRoles;
import io.authzengine.storage.policy.DocumentHeader;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.Variables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code derivedRoles}. */
final class DerivedRolesDecoder implements KindDecoder {
    private static final List<String> FIELDS = List.of("name", "variables", "constants", "definitions");
    private static final List<String> DEFINITION = List.of("name", "parentRoles", "condition");

    private final DocumentReader in;
    private final ConditionDecoder conditions;
    private final ImportsDecoder imports;
    private boolean complete;
    private @Nullable String name;
    private Variables variables = Variables.NONE;
    private Constants constants = Constants.NONE;
    private @Nullable List<DerivedRoles.Definition> definitions;

    DerivedRolesDecoder(DocumentReader in) {
        this.in = in;
        this.conditions = new ConditionDecoder(in);
        this.imports = new ImportsDecoder(in);
    }

    @Override
    public void read(Event kind) {
        if (!in.enterMapping("derivedRoles")) {
            return;
        }
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key.text()) {
                case "name" -> name = in.name("name", NameRule.EXPORT);
                case "variables" -> variables = imports.variables();
                case "constants" -> constants = imports.constants();
                case "definitions" -> definitions = definitions();
                default -> in.unknown(key, "derivedRoles", FIELDS);
            }
        }
        if (name == null) {
            in.missing(kind.position(), "derivedRoles", "name", "add the name under which policies import it");
        }
        if (definitions == null) {
            in.missing(kind.position(), "derivedRoles", "definitions", "add at least one derived role");
        }
        complete = true;
    }

    private List<DerivedRoles.Definition> definitions() {
        long position = in.position();
        if (!in.enterSequence("definitions")) {
            return List.of();
        }
        int errors = in.problems().errors();
        List<DerivedRoles.Definition> read = new ArrayList<>();
        UniqueNames names = new UniqueNames(in, "derived role");
        while (in.nextItem()) {
            definition(names).ifPresent(read::add);
        }
        if (read.isEmpty() && errors == in.problems().errors()) {
            in.problems().invalid(position, "definitions must not be empty, expected at least one derived role");
        }
        return read;
    }

    private Optional<DerivedRoles.Definition> definition(UniqueNames names) {
        long position = in.position();
        if (!in.enterMapping("each of definitions")) {
            return Optional.empty();
        }
        @Nullable String role = null;
        @Nullable List<String> parentRoles = null;
        Optional<Condition> condition = Optional.empty();
        for (Event key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key.text()) {
                case "name" -> role = names.next(NameRule.EXPORT);
                case "parentRoles" -> parentRoles = in.someNames("parentRoles", NameRule.LABEL);
                case "condition" -> condition = conditions.condition();
                default -> in.unknown(key, "a definition of derivedRoles", DEFINITION);
            }
        }
        if (role == null) {
            in.missing(position, "the definition", "name", "add the name of the derived role");
        }
        if (parentRoles == null) {
            in.missing(position, "the definition", "parentRoles", "add the roles that can become it, or '*' for all");
        }
        return role == null || parentRoles == null
                ? Optional.empty()
                : Optional.of(new DerivedRoles.Definition(role, parentRoles, condition));
    }

    @Override
    public PolicyContent content(DocumentHeader header) {
        return new DerivedRoles(
                header, name == null ? "" : name, variables, constants, definitions == null ? List.of() : definitions);
    }

    @Override
    public Set<String> localVariables() {
        return variables.local().keySet();
    }

    @Override
    public Optional<PolicyId> id() {
        return complete && name != null && NameRule.EXPORT.fullyAccepts(name)
                ? Optional.of(PolicyId.ofDerivedRoles(name))
                : Optional.empty();
    }
}
