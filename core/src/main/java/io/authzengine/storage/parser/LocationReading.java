package io.authzengine.storage.parser;

import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyContent;
import io.authzengine.storage.policy.PolicyMetadata;
import io.authzengine.storage.policy.Provenance;
import io.authzengine.storage.policy.RawText;
import io.authzengine.storage.policy.Sha256;
import io.authzengine.storage.policy.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One reading of one location, from its bytes to its policies. */
final class LocationReading {
    /** What one document that is not empty came to. */
    private record Outcome(int document, Optional<PolicyContent> content) {}

    private final byte[] bytes;
    private final DocumentOrigin origin;
    private final ParserLimits limits;
    private final CommonStrings strings;
    private final Problems problems;
    private final DocumentSlices slices;
    private final List<Outcome> outcomes = new ArrayList<>(1);
    private boolean complete = true;

    LocationReading(byte[] bytes, DocumentOrigin origin, ParserLimits limits, CommonStrings strings) {
        this.bytes = bytes;
        this.origin = origin;
        this.limits = limits;
        this.strings = strings;
        this.problems = new Problems(origin.location());
        this.slices = new DocumentSlices(bytes);
    }

    ParsedDocument read() {
        try {
            documents(events());
        } catch (Refusal refusal) {
            problems.add(refusal);
            complete = false;
        } catch (StackOverflowError tooDeep) {
            // The limit on depth comes first; this is for what a library might do before it.
            problems.add(problems.refusal(0, "nested too deep to be read"));
            complete = false;
        }
        return new ParsedDocument(policies(), problems.sorted(), complete);
    }

    /** Returns the first document that is not empty, undecoded; empty if there is none or it cannot be read. */
    Optional<Value> tree() {
        try {
            BoundedEvents events = events();
            while (events.next().is(Event.Type.DOCUMENT_START)) {
                if (!isEmpty(events.peek())) {
                    Value value = new DocumentReader(events, problems, strings).value();
                    return problems.errors() == 0 ? Optional.of(value) : Optional.empty();
                }
                events.skip();
                events.next(); // the document's end
            }
            return Optional.empty();
        } catch (Refusal | StackOverflowError unreadable) {
            return Optional.empty();
        }
    }

    private BoundedEvents events() {
        if (bytes.length > limits.maxBytes()) {
            throw problems.refusal(0, "it has more than " + limits.maxBytes() + " bytes, the limit maxBytes");
        }
        String text = DocumentText.decode(bytes, problems);
        boolean json = origin.location().toLowerCase(Locale.ROOT).endsWith(".json");
        EventSource source = json ? new JsonEvents(text, problems) : yaml(text);
        return new BoundedEvents(source, limits, problems, !json);
    }

    private EventSource yaml(String text) {
        EventSource simple = SimpleYaml.of(text, limits.maxNodes());
        return simple == null ? new YamlEvents(text, problems) : simple;
    }

    private void documents(BoundedEvents events) {
        for (Event event = events.next(); event.is(Event.Type.DOCUMENT_START); event = events.next()) {
            int document = slices.add(Event.line(event.position()));
            if (isEmpty(events.peek())) {
                events.skip();
            } else if (!document(document, events)) {
                return;
            }
            events.next(); // the document's end
        }
        if (outcomes.isEmpty()) {
            problems.warning(0, "there is no policy in it", "remove it, or write a policy");
        }
    }

    private static boolean isEmpty(Event root) {
        return root.is(Event.Type.SCALAR) && root.plain() && root.text().isEmpty();
    }

    /** Reads one document; returns whether the reading can go on after it. */
    private boolean document(int document, BoundedEvents events) {
        int from = problems.count();
        DocumentDecoder decoder = new DocumentDecoder(new DocumentReader(events, problems, strings));
        Optional<PolicyContent> content = Optional.empty();
        boolean readable = true;
        try {
            content = decoder.document();
        } catch (Refusal refusal) {
            problems.add(refusal);
            readable = false;
        }
        outcomes.add(new Outcome(document, content));
        boolean isKnown = content.isPresent() || (decoder.id().isPresent() && !decoder.mayStateMore());
        complete &= readable && isKnown && !events.hasLostFields();
        if (problems.count() > from) {
            decoder.id().ifPresent(id -> problems.about(id, from));
        }
        return readable;
    }

    private List<Policy> policies() {
        boolean alone = outcomes.size() == 1;
        List<Policy> policies = new ArrayList<>(outcomes.size());
        for (int i = 0; i < outcomes.size(); i++) {
            Outcome outcome = outcomes.get(i);
            String location = alone ? origin.location() : origin.location() + "#" + (i + 1);
            outcome.content()
                    .filter(content -> !content.header().disabled())
                    .ifPresent(content -> policies.add(policy(content, outcome.document(), alone, location)));
        }
        return policies;
    }

    private Policy policy(PolicyContent content, int document, boolean alone, String location) {
        RawText raw = alone ? slices.whole() : slices.slice(document);
        int line = alone ? 1 : slices.line(document);
        PolicyMetadata metadata = new PolicyMetadata(
                content.id(),
                content.kind(),
                content.name(),
                content.version(),
                content.scope(),
                new Provenance(origin.driverId(), location, line, origin.revision(), origin.author()),
                origin.lastModified(),
                Sha256.hex(raw.toByteArray()));
        return new Policy(metadata, content, raw);
    }
}
