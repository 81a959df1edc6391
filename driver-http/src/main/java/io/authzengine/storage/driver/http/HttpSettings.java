package io.authzengine.storage.driver.http;

import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.http.Credentials.Secret;
import io.authzengine.storage.trust.TrustedKeys;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the driver's block of the configuration. Whatever is wrong is noted with its place, all at once. */
final class HttpSettings {
    private final DriverConfig config;

    HttpSettings(DriverConfig config) {
        this.config = config;
    }

    HttpConfig read() {
        List<URI> urls = urls();
        Credentials credentials =
                config.section("auth").map(HttpSettings::credentials).orElse(Credentials.NONE);
        HttpConfig.Tls tls = config.section("tls").map(HttpSettings::tls).orElse(HttpConfig.Tls.SYSTEM);
        HttpConfig.Network network = network(urls);
        HttpConfig.Look look = config.choice("look", HttpConfig.Look.class, HttpConfig.Look.CONDITIONAL);
        HttpConfig.Hint hint = hint();
        Optional<HttpConfig.Signed> signature = config.section("signature").map(block -> signature(block, urls));
        Timing timing = timing();
        long maxBytes = config.number("maxBytes", HttpConfig.DEFAULT_MAX_BYTES, 1, Integer.MAX_VALUE / 4);
        config.verify();
        return new HttpConfig(
                config.id(), urls, credentials, tls, network, look, hint, signature, timing.checked(), maxBytes);
    }

    private List<URI> urls() {
        List<URI> urls = new ArrayList<>();
        Set<String> locations = new HashSet<>();
        for (String text : config.texts("urls")) {
            Optional<URI> url = url(text);
            Optional<String> problem = url.map(HttpConfig::problem).orElse(Optional.of("is no URL"));
            problem.ifPresent(what -> config.reject("urls", "has an entry that " + what));
            if (url.isPresent() && problem.isEmpty()) {
                urls.add(url.get());
                if (!locations.add(Urls.shown(url.get()))) {
                    config.reject("urls", "has two entries that differ in nothing but what may be secret, their query");
                }
            }
        }
        return urls;
    }

    private static Optional<URI> url(String text) {
        try {
            return Optional.of(new URI(text));
        } catch (java.net.URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static Credentials credentials(DriverConfig auth) {
        Optional<Secret> bearer = secret(auth, "bearer");
        Optional<String> user = auth.optionalText("username");
        Optional<Secret> password = secret(auth, "password");
        Optional<String> header = auth.optionalText("header");
        Optional<Secret> value = secret(auth, "value");
        long kinds = List.of(bearer.isPresent(), user.isPresent(), header.isPresent()).stream()
                .filter(given -> given)
                .count();
        if (kinds != 1 || user.isPresent() != password.isPresent() || header.isPresent() != value.isPresent()) {
            auth.reject(
                    bearer.isPresent() ? "bearer" : user.isPresent() ? "username" : "header",
                    "is to be one of three: bearer; username with password; header with value");
            return Credentials.NONE;
        }
        if (header.isPresent() && value.isPresent()) {
            try {
                return Credentials.header(header.get(), value.get());
            } catch (IllegalArgumentException e) {
                auth.reject("header", "is no name of a header that can be set");
                return Credentials.NONE;
            }
        }
        return bearer.map(Credentials::bearer)
                .orElseGet(() -> Credentials.basic(user.orElse(""), password.orElse(Secret.of(""))));
    }

    private static Optional<Secret> secret(DriverConfig auth, String key) {
        Optional<Secret> given = auth.secret(key).map(Secret::of);
        Optional<Secret> inFile =
                auth.optionalText(key + "File").map(file -> Secret.in(path(auth, key + "File", file)));
        if (given.isPresent() && inFile.isPresent()) {
            auth.reject(key + "File", "is given beside " + key + "; leave out one of them");
        }
        return given.or(() -> inFile);
    }

    private static Path path(DriverConfig block, String key, String text) {
        try {
            return block.resolve(text);
        } catch (java.nio.file.InvalidPathException e) {
            block.reject(key, "is no path of this system");
            return Path.of("");
        }
    }

    private static HttpConfig.Tls tls(DriverConfig block) {
        Optional<Path> ca = block.optionalText("ca").map(text -> path(block, "ca", text));
        Optional<Path> certificate = block.optionalText("certificate").map(text -> path(block, "certificate", text));
        Optional<Path> key = block.optionalText("key").map(text -> path(block, "key", text));
        Set<String> pins = Set.copyOf(block.texts("pins", List.of()));
        if (certificate.isPresent() != key.isPresent()) {
            block.reject(certificate.isPresent() ? "certificate" : "key", "needs the other: certificate and key");
            return HttpConfig.Tls.SYSTEM;
        }
        try {
            return new HttpConfig.Tls(ca, certificate, key, pins);
        } catch (IllegalArgumentException e) {
            block.reject("pins", "has an entry that is no pin; write sha256/ and 44 characters of base64");
            return HttpConfig.Tls.SYSTEM;
        }
    }

    private HttpConfig.Network network(List<URI> urls) {
        boolean http2 = config.flag("http2", true);
        Optional<HttpConfig.Proxy> proxy = proxy(urls);
        boolean allowPrivate = config.flag("allowPrivate", true);
        if (!allowPrivate && PrivateAddresses.cannotBeJudged()) {
            config.reject("allowPrivate", "needs Java to remember addresses: networkaddress.cache.ttl must not be 0");
        }
        Optional<DriverConfig> redirects = config.section("redirects");
        int max = redirects
                .map(block -> (int) block.number("max", HttpConfig.Network.DEFAULT.maxRedirects(), 0, 20))
                .orElse(HttpConfig.Network.DEFAULT.maxRedirects());
        List<String> hosts =
                redirects.map(block -> block.texts("hosts", List.of())).orElse(List.of());
        return new HttpConfig.Network(http2, proxy, allowPrivate, max, Set.copyOf(hosts));
    }

    private Optional<HttpConfig.Proxy> proxy(List<URI> urls) {
        Optional<InetSocketAddress> address = config.optionalText("proxy").flatMap(this::address);
        Optional<Credentials> credentials = config.section("proxyAuth").map(HttpSettings::password);
        if (credentials.isPresent() && address.isEmpty()) {
            config.reject("proxyAuth", "goes with proxy, which says to whom it is sent");
        }
        Optional<HttpConfig.Proxy> proxy =
                address.map(at -> new HttpConfig.Proxy(at, credentials.orElse(Credentials.NONE)));
        Optional<String> problem = proxy.flatMap(one -> one.problem(urls));
        problem.ifPresent(what -> config.reject("proxyAuth", what));
        return problem.isPresent() ? Optional.empty() : proxy;
    }

    private static Credentials password(DriverConfig auth) {
        String user = auth.text("username");
        Optional<Secret> password = secret(auth, "password");
        if (password.isEmpty()) {
            auth.reject("username", "goes with password or passwordFile");
        }
        return Credentials.basic(user, password.orElse(Secret.of("")));
    }

    private Optional<InetSocketAddress> address(String text) {
        int colon = text.lastIndexOf(':');
        try {
            String host = text.substring(0, Math.max(0, colon));
            int port = Integer.parseInt(text.substring(colon + 1));
            if (!host.isEmpty() && host.indexOf('/') < 0) {
                return Optional.of(InetSocketAddress.createUnresolved(host, port));
            }
        } catch (IllegalArgumentException e) {
            config.reject("proxy", "is no HOST:PORT");
            return Optional.empty();
        }
        config.reject("proxy", "is no HOST:PORT");
        return Optional.empty();
    }

    private HttpConfig.Hint hint() {
        HttpConfig.Hint.Kind kind = config.choice("hint", HttpConfig.Hint.Kind.class, HttpConfig.Hint.Kind.NONE);
        Optional<String> text = config.optionalText("hintUrl");
        Optional<URI> url = text.flatMap(HttpSettings::url)
                .filter(one -> HttpConfig.problem(one).isEmpty());
        if (text.isPresent() && url.isEmpty()) {
            config.reject("hintUrl", "is no URL that begins with http:// or https:// and holds no credentials");
        }
        return new HttpConfig.Hint(kind, url);
    }

    private HttpConfig.Signed signature(DriverConfig block, List<URI> urls) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (DriverConfig key : block.sections("keys")) {
            keys.put(key.id().orElseGet(() -> key.text("id")), key.text("publicKey"));
        }
        Path stateDir = path(block, "stateDir", block.text("stateDir"));
        Optional<String> name = block.optionalText("name");
        if (name.isPresent() && urls.size() > 1) {
            block.reject("name", "cannot be the name of several URLs; without it, each has the last part of its path");
        }
        if (Urls.shareAName(urls)) {
            config.reject("urls", "has two entries of the same name: " + HttpConfig.SAME_NAME);
        }
        if (name.isEmpty() && urls.stream().anyMatch(url -> Urls.name(url).isEmpty())) {
            block.reject("stateDir", "goes with a name here: the URL's path has no last part");
        }
        try {
            return new HttpConfig.Signed(TrustedKeys.of(keys), stateDir, name);
        } catch (IllegalArgumentException e) {
            block.reject("keys", "will not do: " + e.getMessage());
            return new HttpConfig.Signed(TrustedKeys.none(), stateDir, name);
        }
    }

    private Timing timing() {
        HttpConfig.Timing usual = HttpConfig.Timing.DEFAULT;
        Duration timeout = config.duration("timeout", usual.timeout(), ChronoUnit.SECONDS);
        Duration callTimeout = config.duration("callTimeout", usual.callTimeout(), ChronoUnit.SECONDS);
        Duration pollInterval = config.duration("pollInterval", usual.pollInterval(), ChronoUnit.SECONDS);
        int retries = (int) config.number("retries", usual.retries(), 0, 100);
        Duration base = config.duration("retryBase", usual.retryBase(), ChronoUnit.MILLIS);
        Duration cap = config.duration("retryCap", usual.retryCap(), ChronoUnit.MILLIS);
        if (callTimeout.compareTo(timeout) < 0) {
            config.reject("callTimeout", "is for the whole look, so it cannot be shorter than timeout");
        }
        if (cap.compareTo(base) < 0) {
            config.reject("retryCap", "bounds every delay, so it cannot be shorter than retryBase");
        }
        return new Timing(timeout, callTimeout, pollInterval, retries, base, cap);
    }

    /** The times as they were read; made settings once nothing is wrong with them. */
    private record Timing(
            Duration timeout, Duration callTimeout, Duration pollInterval, int retries, Duration base, Duration cap) {
        HttpConfig.Timing checked() {
            return new HttpConfig.Timing(timeout, callTimeout, pollInterval, retries, base, cap);
        }
    }
}
