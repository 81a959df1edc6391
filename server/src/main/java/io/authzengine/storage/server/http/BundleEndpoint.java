package io.authzengine.storage.server.http;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.bundle.Bundle;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.source.DocumentNames;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpStatus;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hands on what is served as one {@code .tar.gz}, for another policyd to follow: the text of each policy as it was written, under the driver
 * and the location it came from. Nothing is handed on of a set that is not whole, as what is missing would look deleted.
 */
final class BundleEndpoint implements Handler {
    private static final String RETRY_SECONDS = "1";
    private static final int NAME_DIGITS = 16;
    private static final Pattern ODD = Pattern.compile("[^\\p{L}\\p{N}._@+=, -]");

    private final PolicyStore store;
    private final DocumentNames names = DocumentNames.defaults();
    private volatile @Nullable Made last; // Of the version asked for last; whoever makes it anew makes the same.

    BundleEndpoint(PolicyStore store) {
        this.store = store;
    }

    private static final class Made {
        final long version;
        final byte[] bytes;
        final String etag;

        Made(long version, byte[] bytes) {
            this.version = version;
            this.bytes = bytes;
            this.etag = "\"" + sha256(bytes) + "\"";
        }
    }

    @Override
    public void handle(Context context) {
        PolicySnapshot snapshot = store.current();
        Optional<String> reason = reasonToRefuse(snapshot);
        if (reason.isPresent()) {
            context.header("Retry-After", RETRY_SECONDS);
            Problems.reply(context, HttpStatus.SERVICE_UNAVAILABLE, reason.get(), null);
            return;
        }
        Made made = made(snapshot);
        context.header("Policy-Version", Long.toString(snapshot.version().number()));
        context.header("ETag", made.etag);
        context.header("Cache-Control", "no-cache"); // Kept by whoever likes, and asked for each time.
        String known = context.header("If-None-Match");
        if (known != null && (known.contains(made.etag) || known.strip().equals("*"))) {
            context.status(HttpStatus.NOT_MODIFIED);
        } else {
            context.contentType("application/gzip").result(made.bytes);
        }
    }

    private static Optional<String> reasonToRefuse(PolicySnapshot snapshot) {
        if (snapshot.version().number() == 0) {
            return Optional.of("Nothing has been loaded yet");
        }
        return snapshot.quarantined().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "Some policies are blocked until their documents are mended; a set that is not whole is not"
                                + " handed on");
    }

    private Made made(PolicySnapshot snapshot) {
        Made known = last;
        if (known == null || known.version != snapshot.version().number()) {
            known = new Made(snapshot.version().number(), Bundle.write(entries(snapshot)));
            last = known;
        }
        return known;
    }

    private SortedMap<String, byte[]> entries(PolicySnapshot snapshot) {
        SortedMap<String, byte[]> entries = new TreeMap<>();
        for (Policy policy : snapshot.all()) {
            String name = name(policy);
            boolean free = names.matches(name) && !entries.containsKey(name);
            entries.put(free ? name : nameOfId(policy), policy.raw().toByteArray());
        }
        return entries;
    }

    private static String nameOfId(Policy policy) {
        byte[] id = policy.id().value().getBytes(StandardCharsets.UTF_8);
        return "policies/" + sha256(id).substring(0, NAME_DIGITS) + ".yaml";
    }

    /** Returns driver and location as one path: {@code #2} before the ending, and nothing that leads anywhere else. */
    private static String name(Policy policy) {
        StringBuilder path = new StringBuilder();
        String document = policy.metadata().provenance().document();
        String number = policy.metadata().source().substring(document.length()).replace('#', '.');
        for (String part : (policy.metadata().provenance().driverId() + "/" + document).split("/", -1)) {
            String plain = ODD.matcher(part).replaceAll("_");
            if (!plain.isEmpty() && !plain.equals(".") && !plain.equals("..")) {
                path.append(path.isEmpty() ? "" : "/").append(plain);
            }
        }
        int dot = path.lastIndexOf(".");
        boolean hasEnding = dot > path.lastIndexOf("/") + 1;
        return hasEnding
                ? path.insert(dot, number).toString()
                : path.append(number).append(".yaml").toString();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
