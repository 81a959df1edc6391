package io.authzengine.storage.internal.disk;

import io.authzengine.storage.parser.DocumentOrigin;
import io.authzengine.storage.parser.ParsedDocument;
import io.authzengine.storage.parser.ParserLimits;
import io.authzengine.storage.parser.PolicyParser;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Sets for the tests of what is on the disk. */
final class Sets {
    private static final PolicyParser PARSER = new PolicyParser(ParserLimits.DEFAULT);
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private Sets() {}

    static List<Policy> parse(String location, String text) {
        ParsedDocument parsed = PARSER.parse(
                text.getBytes(StandardCharsets.UTF_8),
                new DocumentOrigin("test", location, "r1", "carol", Optional.of(BEGIN.plusNanos(123_456_789))));
        if (parsed.hasErrors()) {
            throw new IllegalArgumentException(parsed.findings().toString());
        }
        return parsed.policies();
    }

    static Policy policy(int name, long mark) {
        return parse("p" + name + ".yaml", """
                apiVersion: api.cerbos.dev/v1
                description: "%d"
                resourcePolicy:
                  resource: p%d
                  version: default
                  rules:
                    - actions: [view, "edit:%d"]
                      effect: EFFECT_ALLOW
                      roles: [user]
                      condition: {match: {expr: R.attr.mark == %d}}
                """.formatted(mark, name, mark % 7, mark))
                .get(0);
    }

    static PolicySnapshot snapshot(long number, PolicySet policies) {
        PolicyVersion version = new PolicyVersion(
                number, Map.of("test", "rev-" + number), BEGIN.plusSeconds(number), "poll", "the " + number + "th");
        return new PolicySnapshot(version, policies, Map.of());
    }

    /** Returns sets numbered from {@code first}, each with a few changes to the one before; the same for the same random numbers. */
    static List<PolicySnapshot> walk(PolicySnapshot from, int count, int names, RandomGenerator random) {
        List<PolicySnapshot> sets = new ArrayList<>();
        PolicySet set = from.policies();
        for (int i = 1; i <= count; i++) {
            Map<PolicyId, Optional<Policy>> changes = new HashMap<>();
            int many = 1 + random.nextInt(3);
            for (int change = 0; change < many; change++) {
                int name = random.nextInt(names);
                Policy policy = policy(name, random.nextInt(1000));
                changes.put(policy.id(), random.nextInt(4) == 0 ? Optional.empty() : Optional.of(policy));
            }
            set = set.with(changes);
            sets.add(snapshot(from.version().number() + i, set));
        }
        return sets;
    }
}
