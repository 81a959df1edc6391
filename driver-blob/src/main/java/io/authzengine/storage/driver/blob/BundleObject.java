package io.authzengine.storage.driver.blob;

import io.authzengine.storage.bundle.Bundle;
import io.authzengine.storage.bundle.BundleException;
import io.authzengine.storage.bundle.BundleLimits;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.policy.Sha256;
import io.authzengine.storage.trust.SignatureCheck;
import io.authzengine.storage.trust.Statement;
import io.authzengine.storage.trust.UntrustedException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** The object that holds a bundle, with its signature beside it if there must be one. */
final class BundleObject {
    private static final String SIGNATURE = ".sig";
    private static final int MAX_RELISTS = 3;

    private final BlobConfig config;
    private final BlobConfig.Bundled settings;
    private final BlobStore store;
    private final BlobErrors errors;
    private final InstantSource clock;
    private final BundleLimits limits;
    private final Optional<SignatureCheck> check;
    private String accepted = ""; // Digest of what was last taken for sound; written by the loop's calls.

    BundleObject(BlobConfig config, BlobStore store, BlobErrors errors, InstantSource clock) {
        this.config = config;
        this.settings = config.bundle().orElseThrow();
        this.store = store;
        this.errors = errors;
        this.clock = clock;
        this.limits = BundleLimits.DEFAULT.withMaxBytes(settings.maxBytes());
        this.check = settings.signature()
                .map(signed -> new SignatureCheck(signed.keys(), name(), signed.stateFile(errors.driverId(), name())));
    }

    private String name() {
        String key = settings.key();
        return key.substring(key.lastIndexOf('/') + 1);
    }

    /** A bundle that has proved sound as a whole. */
    record Content(Blob blob, SortedMap<String, byte[]> documents) {}

    /**
     * Looks at the object.
     *
     * @param token of the object that was taken in last; empty for none
     * @return empty if it still is that
     */
    Optional<Content> look(String token) {
        for (int attempt = 0; attempt <= MAX_RELISTS; attempt++) {
            Map<String, Blob> listed = listed();
            Blob blob =
                    Optional.ofNullable(listed.get(settings.key())).orElseThrow(() -> errors.noBundle(settings.key()));
            boolean same = blob.token().equals(token);
            if (same && !accepted.isEmpty()) {
                requireTrust(listed, accepted);
                return Optional.empty();
            }
            Optional<BlobContent> content = get(blob);
            if (content.isPresent()) {
                byte[] bytes = content.get().bytes();
                String digest = Sha256.hex(bytes);
                requireTrust(listed, digest);
                Content sound = new Content(blob, documents(content.get()));
                accepted = digest;
                return same ? Optional.empty() : Optional.of(sound);
            }
        }
        throw errors.moving(settings.key());
    }

    /** Returns the object as it is listed, for whoever is about to replace it. */
    Optional<Blob> listing() {
        return Optional.ofNullable(listed().get(settings.key()));
    }

    private Map<String, Blob> listed() {
        String signature = settings.key() + SIGNATURE;
        return new Listing(store, errors)
                .all(settings.key(), key -> key.equals(settings.key()) || key.equals(signature));
    }

    private Optional<BlobContent> get(Blob blob) {
        if (blob.size() > settings.maxBytes()) {
            throw errors.tooLarge(blob.key(), settings.maxBytes());
        }
        Optional<BlobContent> content = store.get(blob, settings.maxBytes());
        if (content.isPresent() && content.get().bytes().length > settings.maxBytes()) {
            throw errors.tooLarge(blob.key(), settings.maxBytes());
        }
        return content;
    }

    SortedMap<String, byte[]> documents(BlobContent content) {
        try {
            return Bundle.read(content.unpacked(limits), limits, config.names()::matches);
        } catch (BundleException e) {
            throw errors.badBundle(settings.key(), e.getMessage() == null ? "" : e.getMessage(), e);
        } catch (IOException e) {
            throw errors.unreadable(settings.key(), e);
        }
    }

    private void requireTrust(Map<String, Blob> listed, String digest) {
        if (check.isEmpty()) {
            return;
        }
        String key = settings.key() + SIGNATURE;
        Blob signature = Optional.ofNullable(listed.get(key)).orElseThrow(() -> errors.noBundle(key));
        byte[] statement = store.get(signature, Statement.MAX_BYTES)
                .orElseThrow(() -> errors.moving(key))
                .bytes();
        try {
            check.get().accept(digest, statement, clock.instant());
        } catch (UntrustedException e) {
            Problem problem = errors.at(settings.key(), String.valueOf(e.getMessage()));
            throw new ValidationException(problem.remedy(e.remedy()), e);
        } catch (IOException e) {
            throw errors.cannotRemember(settings.key(), e);
        }
    }
}
