package io.authzengine.storage.driver.http;

import io.authzengine.storage.policy.Sha256;
import io.authzengine.storage.trust.TrustedKeys;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The settings of an HTTP driver. Start with {@link #of} and change single values with the {@code with…} methods.
 *
 * @param givenId the id of the driver; empty for one that is made of the URLs
 * @param urls where the documents and bundles are, at least one; {@code http} or {@code https}, without user and password
 * @param credentials what is sent to the URLs' own hosts to be let in
 * @param tls whom to trust and how to prove who one is
 * @param network how the hosts are reached
 * @param look how it is asked whether there is anything new
 * @param hint how the driver is told that a look is worth while
 * @param signature what must be signed, and by whom; empty if nothing must
 * @param timing how long things may take
 * @param maxBytes most bytes of an answer, before and after it is unpacked. Default 64 MiB
 */
public record HttpConfig(
        Optional<String> givenId,
        List<URI> urls,
        Credentials credentials,
        Tls tls,
        Network network,
        Look look,
        Hint hint,
        Optional<Signed> signature,
        Timing timing,
        long maxBytes) {
    static final long DEFAULT_MAX_BYTES = 64L << 20;
    /** What is signed for one of them would also do for the other, and one number would count for both. */
    static final String SAME_NAME =
            "with 'signature', no two may have the same last part of the path, which is their name";

    private static final int ID_DIGITS = 8;

    /** How it is asked whether there is anything new. */
    public enum Look {
        /** One request: the document, unless it is still the one that is held. */
        CONDITIONAL,
        /** For servers that send their document whatever they are told: its headers first, and the document only if they differ. */
        HEAD
    }

    /**
     * How the driver is told that a look is worth while; polling goes on in any case.
     *
     * @param kind what the server offers
     * @param url where; empty for the usual place: the first URL itself for long polling, {@code /api/policies/stream} beside it for events
     */
    public record Hint(Kind kind, Optional<URI> url) {
        /** Polling alone. */
        public static final Hint NONE = new Hint(Kind.NONE, Optional.empty());
        /** The events of another policyd. */
        public static final Hint SSE = new Hint(Kind.SSE, Optional.empty());

        /** What a server offers. */
        public enum Kind {
            NONE,
            /** The server holds a request back until there is something new, as {@code Prefer: wait} asks. */
            LONG_POLL,
            /** The server sends an event for each change. */
            SSE
        }

        public Hint {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(url, "url");
        }
    }

    /**
     * Whom to trust, and how to prove who one is. The files are PEM, and are read again when they change.
     *
     * @param ca certificates of the authorities to trust instead of the system's
     * @param certificate this client's certificate and those above it
     * @param key its private key, PKCS#8
     * @param pins {@code sha256/} and base64 of SHA-256 over a public key; one of them must stand in the server's chain. None means any
     */
    public record Tls(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key, Set<String> pins) {
        /** Trusts what the system trusts. */
        public static final Tls SYSTEM = new Tls(Optional.empty(), Optional.empty(), Optional.empty(), Set.of());

        public Tls {
            pins = Set.copyOf(pins);
            if (certificate.isPresent() != key.isPresent()) {
                throw new IllegalArgumentException("tls: certificate and key are given together");
            }
            if (pins.stream().anyMatch(pin -> !pin.matches("sha256/[A-Za-z0-9+/]{43}="))) {
                throw new IllegalArgumentException("tls.pins: write each as sha256/ and 44 characters of base64");
            }
        }
    }

    /**
     * How hosts are reached.
     *
     * @param http2 whether HTTP/2 is used where TLS offers it. Default true
     * @param proxy through which proxy; empty for none. Default none, whatever the system says
     * @param allowPrivate whether addresses of private networks, of this machine and of its links may be connected to. Default true
     * @param maxRedirects how many are followed. Default 5
     * @param redirectHosts hosts that may be redirected to beside the URL's own; credentials are never sent there
     */
    public record Network(
            boolean http2, Optional<Proxy> proxy, boolean allowPrivate, int maxRedirects, Set<String> redirectHosts) {
        /** What holds unless other settings are given. */
        public static final Network DEFAULT = new Network(true, Optional.empty(), true, 5, Set.of());

        public Network {
            redirectHosts = redirectHosts.stream()
                    .map(host -> host.toLowerCase(Locale.ROOT))
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    /**
     * Who stands between this machine and the hosts.
     *
     * @param address where; resolved when it is connected to
     * @param credentials what is sent to it alone to be let through
     */
    public record Proxy(InetSocketAddress address, Credentials credentials) {
        private static final String DISABLED = "jdk.http.auth.tunneling.disabledSchemes";

        /** Returns whether Java lets passwords be sent when a proxy is asked for a tunnel, as for https; it does not unless it is told so. */
        static boolean mayTunnelWithPasswords() {
            return !System.getProperty(DISABLED, "Basic")
                    .toLowerCase(Locale.ROOT)
                    .contains("basic");
        }

        /** Returns what is wrong if {@code urls} are to be asked for through this proxy. */
        Optional<String> problem(List<URI> urls) {
            boolean tunnels =
                    !credentials.equals(Credentials.NONE) && urls.stream().anyMatch(url -> Urls.isSecure(url));
            return tunnels && !mayTunnelWithPasswords()
                    ? Optional.of("cannot be sent for https unless Java is started with -D" + DISABLED + "=none")
                    : Optional.empty();
        }
    }

    /**
     * What must be signed.
     *
     * @param keys whose signatures count
     * @param stateDir where the greatest number that was accepted is kept; must outlive the process
     * @param name what the document is called in its statement; empty for the last part of the URL's path
     */
    public record Signed(TrustedKeys keys, Path stateDir, Optional<String> name) {}

    /**
     * How long things may take.
     *
     * @param timeout longest silence of a server: before it is connected, before it answers, and within an answer. Default 5 s
     * @param callTimeout longest time of a look at all URLs. Default 30 s
     * @param pollInterval time between looks. Default 30 s
     * @param retries looks that are tried again at once after a failure that may pass. Default 3
     * @param retryBase upper bound of the first delay before a retry; doubles, full jitter. Default 0.5 s
     * @param retryCap upper bound of every delay before a retry, also of one the server asks for. Default 8 s
     */
    public record Timing(
            Duration timeout,
            Duration callTimeout,
            Duration pollInterval,
            int retries,
            Duration retryBase,
            Duration retryCap) {
        /** What holds unless other settings are given. */
        public static final Timing DEFAULT = new Timing(
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                3,
                Duration.ofMillis(500),
                Duration.ofSeconds(8));

        public Timing {
            if (timeout.toMillis() < 1 || timeout.compareTo(callTimeout) > 0) {
                throw new IllegalArgumentException("timeout is at least 1 ms, and callTimeout at least as long");
            }
        }
    }

    /** @throws IllegalArgumentException if a value will not do; the message names it and shows no secret */
    public HttpConfig {
        urls = List.copyOf(urls);
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("urls: name at least one document or bundle");
        }
        Set<String> locations = new HashSet<>();
        for (URI url : urls) {
            problem(url).ifPresent(problem -> {
                throw new IllegalArgumentException("urls: " + problem);
            });
            if (!locations.add(Urls.shown(url))) {
                throw new IllegalArgumentException(
                        "urls: two of them differ in nothing that may be shown: " + Urls.shown(url));
            }
        }
        List<URI> all = urls;
        network.proxy().flatMap(proxy -> proxy.problem(all)).ifPresent(problem -> {
            throw new IllegalArgumentException("proxyAuth: " + problem);
        });
        if (signature.flatMap(Signed::name).isPresent() && urls.size() > 1) {
            throw new IllegalArgumentException("signature.name: several URLs cannot have one name");
        }
        if (signature.isPresent() && Urls.shareAName(urls)) {
            throw new IllegalArgumentException("urls: " + SAME_NAME);
        }
        if (maxBytes < 1 || maxBytes > Integer.MAX_VALUE / 4) {
            throw new IllegalArgumentException("maxBytes is between 1 and " + Integer.MAX_VALUE / 4);
        }
    }

    /** Returns what is wrong with {@code url}, without showing what may be secret in it. */
    static Optional<String> problem(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return Optional.of("begins with neither http:// nor https://");
        }
        if (url.getRawUserInfo() != null || url.getHost() == null) {
            return Optional.of(
                    url.getHost() == null ? "has no host" : "holds credentials; put them under 'auth' instead");
        }
        return url.getRawFragment() == null ? Optional.empty() : Optional.of("has a fragment, which is never sent");
    }

    /** Returns the default settings for {@code urls}. */
    public static HttpConfig of(URI... urls) {
        return new HttpConfig(
                Optional.empty(),
                List.of(urls),
                Credentials.NONE,
                Tls.SYSTEM,
                Network.DEFAULT,
                Look.CONDITIONAL,
                Hint.NONE,
                Optional.empty(),
                Timing.DEFAULT,
                DEFAULT_MAX_BYTES);
    }

    /** Returns the id of the driver: the given one, or {@code http-} and a digest of the URLs, whatever their order. */
    public String id() {
        return givenId.orElseGet(() -> {
            String canonical = urls.stream().map(Urls::shown).sorted().collect(Collectors.joining("\n"));
            return "http-" + Sha256.hex(canonical).substring(0, ID_DIGITS);
        });
    }

    /** Returns whether credentials travel unencrypted further than this machine. */
    boolean sendsSecretsInTheClear() {
        return !credentials.equals(Credentials.NONE)
                && urls.stream()
                        .anyMatch(url -> !Urls.isSecure(url)
                                && !Set.of("localhost", "127.0.0.1", "[::1]").contains(Urls.host(url)));
    }

    /** Returns these settings with an id. */
    public HttpConfig withId(String id) {
        return new HttpConfig(
                Optional.of(id), urls, credentials, tls, network, look, hint, signature, timing, maxBytes);
    }

    /** Returns these settings with credentials. */
    public HttpConfig withCredentials(Credentials other) {
        return new HttpConfig(givenId, urls, other, tls, network, look, hint, signature, timing, maxBytes);
    }

    /** Returns these settings with other trust. */
    public HttpConfig withTls(Tls other) {
        return new HttpConfig(givenId, urls, credentials, other, network, look, hint, signature, timing, maxBytes);
    }

    /** Returns these settings with another way to the hosts. */
    public HttpConfig withNetwork(Network other) {
        return new HttpConfig(givenId, urls, credentials, tls, other, look, hint, signature, timing, maxBytes);
    }

    /** Returns these settings with another way of asking. */
    public HttpConfig withLook(Look other) {
        return new HttpConfig(givenId, urls, credentials, tls, network, other, hint, signature, timing, maxBytes);
    }

    /** Returns these settings with another way of being told. */
    public HttpConfig withHint(Hint other) {
        return new HttpConfig(givenId, urls, credentials, tls, network, look, other, signature, timing, maxBytes);
    }

    /** Returns these settings with signatures required. */
    public HttpConfig withSignature(Signed other) {
        return new HttpConfig(
                givenId, urls, credentials, tls, network, look, hint, Optional.of(other), timing, maxBytes);
    }

    /** Returns these settings with other times. */
    public HttpConfig withTiming(Timing other) {
        return new HttpConfig(givenId, urls, credentials, tls, network, look, hint, signature, other, maxBytes);
    }

    /** Returns these settings with another bound on answers. */
    public HttpConfig withMaxBytes(long bytes) {
        return new HttpConfig(givenId, urls, credentials, tls, network, look, hint, signature, timing, bytes);
    }
}
