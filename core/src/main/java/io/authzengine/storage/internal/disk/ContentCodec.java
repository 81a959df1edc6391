package io.authzengine.storage.internal.disk;

import io.authzengine.storage.policy.Condition;
import io.authzengine.storage.policy.Constants;
import io.authzengine.storage.policy.DerivedRoles;
import io.authzengine.storage.policy.DocumentHeader;
import io.authzengine.storage.policy.Effect;
import io.authzengine.storage.policy.ExportConstants;
import io.authzengine.storage.policy.ExportVariables;
import io.authzengine.storage.policy.NativePolicy;
import io.authzengine.storage.policy.Output;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.PrincipalPolicy;
import io.authzengine.storage.policy.ResourcePolicy;
import io.authzengine.storage.policy.RolePolicy;
import io.authzengine.storage.policy.Schemas;
import io.authzengine.storage.policy.ScopePermissions;
import io.authzengine.storage.policy.Variables;

/** Writes and reads what policies say: each record field by field, in the order of its declaration. */
final class ContentCodec {
    private ContentCodec() {}

    static void write(ByteWriter out, PolicyContent content) {
        if (content instanceof ResourcePolicy policy) {
            out.number(0);
            writeResource(out, policy);
        } else if (content instanceof PrincipalPolicy policy) {
            out.number(1);
            writePrincipal(out, policy);
        } else if (content instanceof RolePolicy policy) {
            out.number(2);
            writeRole(out, policy);
        } else if (content instanceof DerivedRoles roles) {
            out.number(3);
            writeDerivedRoles(out, roles);
        } else if (content instanceof ExportVariables export) {
            out.number(4);
            header(out, export.header());
            out.text(export.name());
            out.map(export.definitions(), ByteWriter::text);
        } else if (content instanceof ExportConstants export) {
            out.number(5);
            header(out, export.header());
            out.text(export.name());
            out.map(export.definitions(), ValueCodec::write);
        } else if (content instanceof NativePolicy policy) {
            out.number(6);
            header(out, policy.header());
            NativeCodec.write(out, policy);
        }
    }

    static PolicyContent read(ByteReader in) {
        int kind = in.place();
        return switch (kind) {
            case 0 -> readResource(in);
            case 1 -> readPrincipal(in);
            case 2 -> readRole(in);
            case 3 -> readDerivedRoles(in);
            case 4 -> new ExportVariables(header(in), in.text(), in.map(ByteReader::text));
            case 5 -> new ExportConstants(header(in), in.text(), in.map(ValueCodec::read));
            case 6 -> NativeCodec.read(in, header(in));
            default -> throw new IllegalStateException("no kind of policy has the number " + kind);
        };
    }

    private static void writeResource(ByteWriter out, ResourcePolicy policy) {
        header(out, policy.header());
        out.text(policy.resource());
        out.text(policy.version());
        out.text(policy.scope());
        out.choice(policy.scopePermissions());
        out.texts(policy.importDerivedRoles());
        variables(out, policy.variables());
        constants(out, policy.constants());
        out.optional(policy.schemas().principal(), ContentCodec::schema);
        out.optional(policy.schemas().resource(), ContentCodec::schema);
        out.list(policy.rules(), ContentCodec::rule);
    }

    private static ResourcePolicy readResource(ByteReader in) {
        return new ResourcePolicy(
                header(in),
                in.text(),
                in.text(),
                in.text(),
                in.choice(ScopePermissions.class),
                in.texts(),
                variables(in),
                constants(in),
                schemas(in),
                in.list(ContentCodec::resourceRule));
    }

    private static void rule(ByteWriter out, ResourcePolicy.Rule rule) {
        out.text(rule.name());
        out.texts(rule.actions());
        out.choice(rule.effect());
        out.texts(rule.roles());
        out.texts(rule.derivedRoles());
        out.optional(rule.condition(), ContentCodec::condition);
        out.optional(rule.output(), ContentCodec::output);
    }

    private static ResourcePolicy.Rule resourceRule(ByteReader in) {
        return new ResourcePolicy.Rule(
                in.text(),
                in.texts(),
                in.choice(Effect.class),
                in.texts(),
                in.texts(),
                in.optional(ContentCodec::condition),
                in.optional(ContentCodec::output));
    }

    private static void writePrincipal(ByteWriter out, PrincipalPolicy policy) {
        header(out, policy.header());
        out.text(policy.principal());
        out.text(policy.version());
        out.text(policy.scope());
        out.choice(policy.scopePermissions());
        variables(out, policy.variables());
        constants(out, policy.constants());
        out.list(policy.rules(), (into, rule) -> {
            into.text(rule.resource());
            into.list(rule.actions(), ContentCodec::action);
        });
    }

    private static PrincipalPolicy readPrincipal(ByteReader in) {
        return new PrincipalPolicy(
                header(in),
                in.text(),
                in.text(),
                in.text(),
                in.choice(ScopePermissions.class),
                variables(in),
                constants(in),
                in.list(from -> new PrincipalPolicy.Rule(from.text(), from.list(ContentCodec::action))));
    }

    private static void action(ByteWriter out, PrincipalPolicy.Action action) {
        out.text(action.name());
        out.text(action.action());
        out.choice(action.effect());
        out.optional(action.condition(), ContentCodec::condition);
        out.optional(action.output(), ContentCodec::output);
    }

    private static PrincipalPolicy.Action action(ByteReader in) {
        return new PrincipalPolicy.Action(
                in.text(),
                in.text(),
                in.choice(Effect.class),
                in.optional(ContentCodec::condition),
                in.optional(ContentCodec::output));
    }

    private static void writeRole(ByteWriter out, RolePolicy policy) {
        header(out, policy.header());
        out.text(policy.role());
        out.text(policy.version());
        out.text(policy.scope());
        out.choice(policy.scopePermissions());
        out.texts(policy.parentRoles());
        out.list(policy.rules(), (into, rule) -> {
            into.text(rule.resource());
            into.texts(rule.allowActions());
            into.optional(rule.condition(), ContentCodec::condition);
        });
    }

    private static RolePolicy readRole(ByteReader in) {
        return new RolePolicy(
                header(in),
                in.text(),
                in.text(),
                in.text(),
                in.choice(ScopePermissions.class),
                in.texts(),
                in.list(from ->
                        new RolePolicy.Rule(from.text(), from.texts(), from.optional(ContentCodec::condition))));
    }

    private static void writeDerivedRoles(ByteWriter out, DerivedRoles roles) {
        header(out, roles.header());
        out.text(roles.name());
        variables(out, roles.variables());
        constants(out, roles.constants());
        out.list(roles.definitions(), (into, definition) -> {
            into.text(definition.name());
            into.texts(definition.parentRoles());
            into.optional(definition.condition(), ContentCodec::condition);
        });
    }

    private static DerivedRoles readDerivedRoles(ByteReader in) {
        return new DerivedRoles(
                header(in),
                in.text(),
                variables(in),
                constants(in),
                in.list(from -> new DerivedRoles.Definition(
                        from.text(), from.texts(), from.optional(ContentCodec::condition))));
    }

    private static void header(ByteWriter out, DocumentHeader header) {
        out.number(header.equals(DocumentHeader.EMPTY) ? 0 : 1);
        if (!header.equals(DocumentHeader.EMPTY)) {
            out.text(header.description());
            out.number(header.disabled() ? 1 : 0);
            out.map(header.annotations(), ByteWriter::text);
            out.map(header.variables(), ByteWriter::text);
        }
    }

    private static DocumentHeader header(ByteReader in) {
        return in.is()
                ? new DocumentHeader(in.text(), in.is(), in.map(ByteReader::text), in.map(ByteReader::text))
                : DocumentHeader.EMPTY;
    }

    private static void variables(ByteWriter out, Variables variables) {
        out.number(variables.equals(Variables.NONE) ? 0 : 1);
        if (!variables.equals(Variables.NONE)) {
            out.texts(variables.imports());
            out.map(variables.local(), ByteWriter::text);
        }
    }

    private static Variables variables(ByteReader in) {
        return in.is() ? new Variables(in.texts(), in.map(ByteReader::text)) : Variables.NONE;
    }

    private static void constants(ByteWriter out, Constants constants) {
        out.number(constants.equals(Constants.NONE) ? 0 : 1);
        if (!constants.equals(Constants.NONE)) {
            out.texts(constants.imports());
            out.map(constants.local(), ValueCodec::write);
        }
    }

    private static Constants constants(ByteReader in) {
        return in.is() ? new Constants(in.texts(), in.map(ValueCodec::read)) : Constants.NONE;
    }

    private static void schema(ByteWriter out, Schemas.Ref schema) {
        out.text(schema.ref());
        out.texts(schema.ignoredActions());
    }

    private static Schemas schemas(ByteReader in) {
        return new Schemas(in.optional(ContentCodec::schema), in.optional(ContentCodec::schema));
    }

    private static Schemas.Ref schema(ByteReader in) {
        return new Schemas.Ref(in.text(), in.texts());
    }

    private static void output(ByteWriter out, Output output) {
        out.optional(output.expression(), ByteWriter::text);
        out.optional(output.ruleActivated(), ByteWriter::text);
        out.optional(output.conditionNotMet(), ByteWriter::text);
    }

    private static Output output(ByteReader in) {
        return new Output(in.optional(ByteReader::text), in.optional(ByteReader::text), in.optional(ByteReader::text));
    }

    private static void condition(ByteWriter out, Condition condition) {
        ValueCodec.write(out, condition);
    }

    private static Condition condition(ByteReader in) {
        return ValueCodec.condition(in);
    }
}
