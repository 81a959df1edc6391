package io.authzengine.storage.server.http;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.bundle.Bundle;
import io.authzengine.storage.bundle.BundleDelta;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.Sha256;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.source.DocumentNames;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hands on what is served as one {@code .tar.gz}, for another policyd to follow: the text of each policy as it was written, under the driver
 * and the location it came from. Whoever has an earlier one and asks for a {@link BundleDelta} gets what has changed since. Nothing is handed
 * on of a set that is not whole, as what is missing would look deleted.
 */
final class BundleEndpoint implements Handler {
    private static final String RETRY_SECONDS = "1";
    private static final int NAME_DIGITS = 16;
    private static final Pattern ODD = Pattern.compile("[^\\p{L}\\p{N}._@+=, -]");

    /** So many earlier bundles are remembered by what was in them; changes since older ones come as a whole bundle. */
    private static final int REMEMBERED = 4;

    private final PolicyStore store;
    private final DocumentNames names = DocumentNames.defaults();
    private final Deque<Contents> recent = new ArrayDeque<>(); // Newest first. Guarded by itself.

    BundleEndpoint(PolicyStore store) {
        this.store = store;
    }

    /** What a bundle holds. The texts are those of the policies and take no room here. */
    private static final class Contents {
        final PolicySet policies;
        final SortedMap<String, Policy> byName;
        final String etag;
        private byte @Nullable [] packed;

        Contents(PolicySet policies, SortedMap<String, Policy> byName) {
            this.policies = policies;
            this.byName = byName;
            SortedMap<String, String> hashes = new TreeMap<>();
            byName.forEach((name, policy) -> hashes.put(name, policy.metadata().contentHash()));
            this.etag = '"' + BundleDelta.tag(hashes) + '"';
        }

        synchronized byte[] packed() {
            byte[] known = packed;
            if (known == null) {
                SortedMap<String, byte[]> texts = new TreeMap<>();
                byName.forEach((name, policy) -> texts.put(name, policy.raw().toByteArray()));
                known = Bundle.write(texts);
                packed = known;
            }
            return known;
        }

        byte[] since(Contents earlier) {
            SortedMap<String, byte[]> changed = new TreeMap<>();
            byName.forEach((name, policy) -> {
                Policy before = earlier.byName.get(name);
                if (before == null
                        || !before.metadata()
                                .contentHash()
                                .equals(policy.metadata().contentHash())) {
                    changed.put(name, policy.raw().toByteArray());
                }
            });
            SortedSet<String> gone = new TreeSet<>(earlier.byName.keySet());
            gone.removeAll(byName.keySet());
            return BundleDelta.write(changed, gone);
        }
    }

    @Override
    public void handle(Context context) {
        Optional<Duration> age = store.status().age(); // Before the set, which is then never older than is said.
        PolicySnapshot snapshot = store.current();
        Optional<String> reason = reasonToRefuse(snapshot);
        if (reason.isPresent()) {
            context.header("Retry-After", RETRY_SECONDS);
            Problems.reply(context, HttpStatus.SERVICE_UNAVAILABLE, reason.get(), null);
            return;
        }
        Contents now = contents(snapshot);
        context.header("Policy-Version", Long.toString(snapshot.version().number()));
        context.header("ETag", now.etag);
        context.header("Cache-Control", "no-cache"); // Kept by whoever likes, and asked for each time.
        context.header("Vary", "A-IM");
        // Whoever follows learns from it that this store hears nothing new itself, though it answers.
        age.map(Duration::toSeconds)
                .filter(seconds -> seconds > 0)
                .ifPresent(seconds -> context.header("Age", Long.toString(seconds)));
        String known = Objects.requireNonNullElse(context.header("If-None-Match"), "");
        if (known.contains(now.etag) || known.strip().equals("*")) {
            context.status(HttpStatus.NOT_MODIFIED);
            return;
        }
        Optional<Contents> base = asksForDelta(context) ? remembered(known) : Optional.empty();
        if (base.isPresent()) {
            context.status(HttpStatus.IM_USED);
            context.header("IM", BundleDelta.MANIPULATION).header("Delta-Base", base.get().etag);
        }
        context.contentType("application/gzip").result(base.map(now::since).orElseGet(now::packed));
    }

    private static boolean asksForDelta(Context context) {
        return Objects.requireNonNullElse(context.header("A-IM"), "").contains(BundleDelta.MANIPULATION);
    }

    private Optional<Contents> remembered(String etags) {
        synchronized (recent) {
            return recent.stream().filter(made -> etags.contains(made.etag)).findFirst();
        }
    }

    private static Optional<String> reasonToRefuse(PolicySnapshot snapshot) {
        if (snapshot.version().number() == 0) {
            return Optional.of("Nothing has been loaded yet");
        }
        if (snapshot.isBlocked()) {
            return Optional.of("What is served is blocked for its age, and would look empty to a follower");
        }
        return snapshot.isWhole()
                ? Optional.empty()
                : Optional.of("Some policies are blocked or unknown until their documents are mended; a set that is not"
                        + " whole is not handed on");
    }

    private Contents contents(PolicySnapshot snapshot) {
        synchronized (recent) {
            Contents last = recent.peekFirst();
            if (last != null && isSame(last.policies, snapshot.policies())) {
                return last;
            }
            Contents now = new Contents(snapshot.policies(), byName(snapshot, last));
            recent.removeIf(made -> made.etag.equals(now.etag));
            recent.addFirst(now);
            if (recent.size() > REMEMBERED + 1) {
                recent.removeLast();
            }
            return now;
        }
    }

    /** One version may be shown with its policies and without. */
    @SuppressWarnings("ReferenceEquality") // It is whether they are one object that says nothing need be packed anew.
    private static boolean isSame(PolicySet one, PolicySet other) {
        return one == other;
    }

    private SortedMap<String, Policy> byName(PolicySnapshot snapshot, @Nullable Contents last) {
        IdentityHashMap<Policy, String> given =
                new IdentityHashMap<>(); // Most policies are those of the bundle before.
        if (last != null) {
            last.byName.forEach((name, policy) -> given.put(policy, name));
        }
        SortedMap<String, Policy> byName = new TreeMap<>();
        for (Policy policy : snapshot.all()) {
            String before = given.get(policy);
            String name = before == null ? name(policy) : before;
            boolean free = before != null || names.matches(name);
            byName.put(free && !byName.containsKey(name) ? name : nameOfId(policy), policy);
        }
        return byName;
    }

    private static String nameOfId(Policy policy) {
        byte[] id = policy.id().value().getBytes(StandardCharsets.UTF_8);
        return "policies/" + Sha256.hex(id).substring(0, NAME_DIGITS) + ".yaml";
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
}
