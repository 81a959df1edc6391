package io.authzengine.storage.driver.blob;

import io.authzengine.storage.bundle.Bundle;
import io.authzengine.storage.driver.PolicyWriter;
import io.authzengine.storage.parser.DocumentOrigin;
import io.authzengine.storage.parser.ParsedDocument;
import io.authzengine.storage.parser.ParserLimits;
import io.authzengine.storage.parser.PolicyParser;
import io.authzengine.storage.policy.Policy;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes sets of policies as a bundle, each policy a document of its own: one object, exchanged as a whole. */
final class BundleWriter implements PolicyWriter {
    private static final int MAX_ATTEMPTS = 4;

    private final BlobConfig config;
    private final BlobErrors errors;
    private final BlobConfig.Bundled settings;
    private final InstantSource clock;
    private @Nullable BlobStore store;

    BundleWriter(BlobConfig config, InstantSource clock) {
        this.config = config;
        this.errors = config.errors(config.id());
        this.settings = config.bundle()
                .orElseThrow(
                        () -> new IllegalArgumentException("only a bundle can be written all at once or not at all"));
        this.clock = clock;
        if (settings.signature().isPresent()) {
            throw new IllegalArgumentException("a bundle that must be signed is written by whoever holds the key");
        }
    }

    /** A policy that is there, and the document that holds it. */
    private record Held(String document, Policy policy) {}

    /** What is there now. */
    private record Present(Optional<Blob> blob, SortedMap<String, byte[]> documents, Map<String, Held> policies) {}

    @Override
    public Outcome preview(Collection<Policy> policies, Mode mode) {
        return outcome(byId(policies), present(), mode);
    }

    @Override
    public Outcome publish(Collection<Policy> policies, Mode mode) {
        SortedMap<String, Policy> wanted = byId(policies);
        Optional<Outcome> tried = Optional.empty();
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Present present = present();
            Outcome outcome = outcome(wanted, present, mode);
            if (present.blob().isPresent() && !outcome.isChange()) {
                // The answer to a write may be lost and the client repeat it: then it is this writer who was the other.
                return tried.orElse(outcome);
            }
            byte[] bundle = Bundle.write(documents(wanted, present, mode));
            if (bundle.length > settings.maxBytes()) {
                throw errors.badBundle(settings.key(), "it would have " + bundle.length + " bytes", null);
            }
            if (store().put(settings.key(), bundle, present.blob())) {
                return outcome;
            }
            tried = Optional.of(outcome);
        }
        throw errors.moving(settings.key());
    }

    private static SortedMap<String, Policy> byId(Collection<Policy> policies) {
        SortedMap<String, Policy> byId = new TreeMap<>();
        for (Policy policy : policies) {
            if (byId.put(policy.id().value(), policy) != null) {
                throw new IllegalArgumentException("two of the policies are called " + policy.id());
            }
        }
        return byId;
    }

    private Present present() {
        BundleObject object = new BundleObject(config, store(), errors, clock);
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Optional<Blob> blob = object.listing();
            if (blob.isEmpty()) {
                return new Present(blob, new TreeMap<>(), Map.of());
            }
            Optional<BlobContent> content = store().get(blob.get(), settings.maxBytes());
            if (content.isPresent()) {
                SortedMap<String, byte[]> documents = object.documents(content.get());
                return new Present(blob, documents, policies(documents));
            }
        }
        throw errors.moving(settings.key());
    }

    private Map<String, Held> policies(SortedMap<String, byte[]> documents) {
        PolicyParser parser = new PolicyParser(ParserLimits.DEFAULT);
        Map<String, Held> policies = new TreeMap<>();
        documents.forEach((name, bytes) -> {
            ParsedDocument parsed = parser.parse(bytes, new DocumentOrigin(config.id(), name, "", Optional.empty()));
            parsed.policies().forEach(policy -> policies.put(policy.id().value(), new Held(name, policy)));
        });
        return policies;
    }

    private static Outcome outcome(SortedMap<String, Policy> wanted, Present present, Mode mode) {
        int added = 0;
        int unchanged = 0;
        for (Map.Entry<String, Policy> policy : wanted.entrySet()) {
            Held known = present.policies().get(policy.getKey());
            if (known == null) {
                added++;
            } else if (known.policy().raw().equals(policy.getValue().raw())) {
                unchanged++;
            }
        }
        int modified = wanted.size() - added - unchanged;
        int common = unchanged + modified;
        return new Outcome(
                added, modified, mode == Mode.REPLACE ? present.policies().size() - common : 0, unchanged);
    }

    /** With {@link Mode#MERGE}, documents stay as they are but for those that hold a policy that is written anew. */
    private SortedMap<String, byte[]> documents(SortedMap<String, Policy> wanted, Present present, Mode mode) {
        SortedMap<String, byte[]> documents = new TreeMap<>();
        if (mode == Mode.MERGE) {
            documents.putAll(present.documents());
            wanted.forEach((id, policy) -> {
                documents.remove(nameOf(policy));
                Held known = present.policies().get(id);
                if (known != null) {
                    documents.remove(known.document());
                }
            });
            present.policies().forEach((id, held) -> {
                // What shared a document with one that is written anew gets a document of its own.
                if (!wanted.containsKey(id) && !documents.containsKey(held.document())) {
                    documents.put(nameOf(held.policy()), held.policy().raw().toByteArray());
                }
            });
        }
        wanted.values()
                .forEach(policy -> documents.put(nameOf(policy), policy.raw().toByteArray()));
        return documents;
    }

    /** Returns a name that tells the policy's id and can be a file's wherever the bundle is unpacked. */
    private String nameOf(Policy policy) {
        String id =
                URLEncoder.encode(policy.id().value(), StandardCharsets.UTF_8).replace("*", "%2A");
        boolean json = policy.raw().toString().stripLeading().startsWith("{");
        return "policies/" + id + (json ? ".json" : ".yaml");
    }

    private BlobStore store() {
        BlobStore open = store;
        if (open == null) {
            open = config.open(errors);
            store = open;
        }
        return open;
    }

    @Override
    public void close() {
        BlobStore closing = store;
        store = null;
        if (closing != null) {
            closing.close();
        }
    }
}
