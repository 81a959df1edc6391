package io.authzengine.storage.driver.composite;

import io.authzengine.storage.parser.DocumentOrigin;
import io.authzengine.storage.parser.ParsedDocument;
import io.authzengine.storage.parser.ParserLimits;
import io.authzengine.storage.parser.PolicyParser;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyMetadata;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Policies made of text, for tests. */
final class Documents {
    private static final PolicyParser PARSER = new PolicyParser(ParserLimits.DEFAULT);

    private Documents() {}

    /** Returns the one policy of {@code yaml}, as {@code driverId} would have read it. */
    static Policy policy(String driverId, String location, String yaml) {
        String text = yaml.contains("apiVersion:") ? yaml : "apiVersion: api.cerbos.dev/v1\n" + yaml;
        ParsedDocument parsed = PARSER.parse(
                text.getBytes(StandardCharsets.UTF_8), new DocumentOrigin(driverId, location, "r1", Optional.empty()));
        List<Policy> policies = parsed.policies();
        if (policies.size() != 1 || parsed.findings().stream().anyMatch(finding -> finding.isError())) {
            throw new AssertionError("not one policy: " + parsed.findings() + "\n" + text);
        }
        return policies.get(0);
    }

    /** Returns {@code policy} as changed at {@code time}. */
    static Policy changedAt(Policy policy, Instant time) {
        PolicyMetadata was = policy.metadata();
        PolicyMetadata is = new PolicyMetadata(
                was.id(),
                was.kind(),
                was.name(),
                was.version(),
                was.scope(),
                was.provenance(),
                Optional.of(time),
                was.contentHash());
        return new Policy(is, policy.content(), policy.raw());
    }

    static String resource(String name, String version, String rules) {
        return "resourcePolicy:\n  resource: " + name + "\n  version: \"" + version + "\"\n  rules:\n" + rules;
    }

    static String rule(String name, String action, String effect) {
        return "    - " + (name.isEmpty() ? "" : "name: " + name + "\n      ") + "actions: [" + action
                + "]\n      effect: EFFECT_" + effect + "\n      roles: [user]\n";
    }
}
