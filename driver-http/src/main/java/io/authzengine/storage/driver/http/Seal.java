package io.authzengine.storage.driver.http;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.policy.Sha256;
import io.authzengine.storage.trust.SignatureCheck;
import io.authzengine.storage.trust.UntrustedException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The signature that stands beside a document. */
final class Seal {
    private static final int NAME_DIGITS = 16;

    private final URI url;
    private final Fetcher fetcher;
    private final HttpErrors errors;
    private final StorageContext context;
    private final SignatureCheck check;

    Seal(URI document, HttpConfig.Signed settings, Fetcher fetcher, HttpErrors errors, StorageContext context) {
        this.url = Urls.signature(document);
        this.fetcher = fetcher;
        this.errors = errors;
        this.context = context;
        String name = settings.name().orElseGet(() -> Urls.name(document));
        this.check = new SignatureCheck(settings.keys(), name, file(settings.stateDir(), errors.driverId(), name));
    }

    private static Path file(Path directory, String driverId, String name) {
        byte[] whose = (driverId + "\n" + name).getBytes(StandardCharsets.UTF_8);
        return directory.resolve("accepted-" + Sha256.hex(whose).substring(0, NAME_DIGITS));
    }

    /** Requires that the document with {@code digest} may be served, as far as its signature tells. */
    void check(String digest) {
        byte[] statement = fetcher.fetch(url, Validators.NONE, Fetcher.Want.WHOLE)
                .news()
                .orElseThrow(() -> errors.unmodifiedNothing(url))
                .bytes;
        try {
            check.accept(digest, statement, context.clock().instant());
        } catch (UntrustedException e) {
            throw errors.untrusted(url, e);
        } catch (IOException e) {
            throw errors.cannotRemember(url, e);
        }
    }
}
