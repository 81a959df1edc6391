package io.authzengine.storage.internal.disk;

import io.authzengine.storage.policy.DocumentHeader;
import io.authzengine.storage.policy.Effect;
import io.authzengine.storage.policy.NativePolicy;
import io.authzengine.storage.policy.NativePolicy.Algorithm;
import io.authzengine.storage.policy.NativePolicy.Resource;
import io.authzengine.storage.policy.NativePolicy.Rule;
import io.authzengine.storage.policy.NativePolicy.RuleSet;

/** Writes and reads what documents of rules say, but their header: each record field by field, in the order of its declaration. */
final class NativeCodec {
    private NativeCodec() {}

    static void write(ByteWriter out, NativePolicy policy) {
        out.text(policy.name());
        out.choice(policy.algorithm());
        out.list(policy.policies(), (into, set) -> {
            into.choice(set.algorithm());
            into.list(set.rules(), NativeCodec::write);
        });
    }

    static NativePolicy read(ByteReader in, DocumentHeader header) {
        return new NativePolicy(
                header,
                in.text(),
                in.choice(Algorithm.class),
                in.list(from -> new RuleSet(from.choice(Algorithm.class), from.list(NativeCodec::rule))));
    }

    private static void write(ByteWriter out, Rule rule) {
        out.text(rule.id());
        out.choice(rule.effect());
        out.texts(rule.actions());
        out.texts(rule.resource().types());
        out.map(rule.resource().fields(), ValueCodec::write);
        out.texts(rule.roles());
        out.optional(rule.condition(), ValueCodec::write);
        out.list(rule.obligations(), ValueCodec::write);
    }

    private static Rule rule(ByteReader in) {
        return new Rule(
                in.text(),
                in.choice(Effect.class),
                in.texts(),
                new Resource(in.texts(), in.map(ValueCodec::read)),
                in.texts(),
                in.optional(ValueCodec::read),
                in.list(ValueCodec::read));
    }
}
