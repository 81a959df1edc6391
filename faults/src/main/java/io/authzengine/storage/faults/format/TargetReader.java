package io.authzengine.storage.faults.format;

import io.authzengine.storage.faults.policy.Protocol;
import io.authzengine.storage.faults.policy.Selector;
import io.authzengine.storage.faults.policy.TargetRule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Makes rules of targets, each a text or a mapping; one that lists ports makes a rule for each. */
final class TargetReader {
    private static final Set<String> KINDS = new TreeSet<>(Set.of("target", "host", "cidr", "hostname", "sni"));

    private record Ports(int first, int last) {
        static final Ports ANY = new Ports(0, 0);
    }

    private TargetReader() {}

    static List<TargetRule> read(List<?> targets) {
        List<TargetRule> rules = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            Object target = targets.get(i);
            Map<?, ?> fields = target instanceof Map<?, ?> mapping ? mapping : Map.of("target", String.valueOf(target));
            rules.addAll(new FieldBlock("targets[" + i + "]", fields).made(TargetReader::rules));
        }
        return rules;
    }

    private static List<TargetRule> rules(FieldBlock fields) {
        List<String> given = KINDS.stream().filter(fields::has).toList();
        if (given.size() != 1) {
            throw new IllegalArgumentException(
                    given.isEmpty()
                            ? "expected one of " + String.join(", ", KINDS)
                            : String.join(" and ", given) + " cannot stand in one rule; make a rule of each");
        }
        String kind = given.get(0);
        TargetText text = fields.required(kind, value -> text(kind, value));
        Optional<Protocol> protocol = fields.choice("protocol", Protocol.class);
        Set<Ports> ports = fields.value("port", TargetReader::ports).orElse(Set.of());
        int priority = fields.value("priority", PolicyReader::count).orElse(TargetRule.DEFAULT_PRIORITY);
        if (protocol.isPresent() && text.protocol().isPresent() && !protocol.equals(text.protocol())) {
            throw new IllegalArgumentException("protocol is given twice and differs");
        }
        Set<Ports> inText = text.port().isPresent()
                ? Set.of(new Ports(text.port().get(), text.port().get()))
                : Set.of();
        if (!ports.isEmpty() && !inText.isEmpty() && !ports.equals(inText)) {
            throw new IllegalArgumentException("port is given twice and differs");
        }
        Set<Ports> all = !ports.isEmpty() ? ports : !inText.isEmpty() ? inText : Set.of(Ports.ANY);
        return all.stream()
                .map(range -> new TargetRule(
                        text.selector(),
                        protocol.or(text::protocol).orElse(Protocol.ANY),
                        range.first(),
                        range.last(),
                        priority))
                .toList();
    }

    private static TargetText text(String kind, String value) {
        String stripped = value.strip();
        return switch (kind) {
            case "target" -> TargetText.parse(stripped);
            case "host" -> TargetText.of(Selector.Address.host(Addresses.literal(stripped)));
            case "cidr" -> TargetText.of(Addresses.block(stripped));
            case "hostname" -> TargetText.of(new Selector.Name(Selector.Name.By.HOSTNAME, stripped));
            default -> TargetText.of(new Selector.Name(Selector.Name.By.SNI, stripped));
        };
    }

    /** Returns the ports of a number, a range {@code a-b} or a list; empty for any. */
    private static Set<Ports> ports(String text) {
        Set<Ports> ports = new LinkedHashSet<>();
        for (String item : text.split(",", -1)) {
            String[] ends = item.strip().split("-", -1);
            if (ends.length > 2) {
                throw new IllegalArgumentException("expected a port, a range such as 80-90, or a list such as 80,443");
            }
            Ports range = new Ports(PolicyReader.count(ends[0]), PolicyReader.count(ends[ends.length - 1]));
            if (range.first() > range.last()) {
                throw new IllegalArgumentException("a range has the lower port first");
            }
            ports.add(range);
        }
        ports.remove(Ports.ANY);
        return ports;
    }

    /** Returns how {@code rule} is written. */
    static Map<String, Object> fields(TargetRule rule) {
        Map<String, Object> fields = new java.util.LinkedHashMap<>();
        Selector selector = rule.selector();
        if (selector instanceof Selector.Address address) {
            fields.put(address.isHost() ? "host" : "cidr", Addresses.text(address));
        } else if (selector instanceof Selector.Name name) {
            fields.put(name.by().name().toLowerCase(Locale.ROOT), name.name());
        } else if (selector instanceof Selector.Driver driver) {
            fields.put("target", "driver://" + driver.type() + "/" + driver.id() + "#" + driver.operation());
        }
        if (rule.protocol() != Protocol.ANY) {
            fields.put("protocol", rule.protocol().name().toLowerCase(Locale.ROOT));
        }
        if (!rule.anyPort()) {
            fields.put("port", rule.firstPort() + "-" + rule.lastPort());
        }
        fields.put("priority", rule.priority());
        return fields;
    }
}
