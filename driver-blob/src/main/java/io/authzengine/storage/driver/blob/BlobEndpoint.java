package io.authzengine.storage.driver.blob;

import io.authzengine.storage.driver.DriverConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads where a store is if that is not where its cloud has it. */
public final class BlobEndpoint {
    private static final String KEY = "endpoint";
    private static final Logger LOG = LoggerFactory.getLogger(BlobEndpoint.class);
    /** What never leaves this machine. */
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]+){3}|\\[::1]");

    private BlobEndpoint() {}

    /**
     * Returns the URL under {@code endpoint}, if there is one; what is wrong with it is noted there. One without TLS is warned of in the log,
     * unless it is on this machine.
     */
    public static Optional<URI> read(DriverConfig credentials) {
        Optional<String> text = credentials.optionalText(KEY);
        Optional<URI> endpoint = text.flatMap(BlobEndpoint::url);
        if (text.isPresent() && endpoint.isEmpty()) {
            credentials.reject(
                    KEY, "is no URL that begins with https:// or http:// and holds neither credentials nor a query");
        }
        endpoint.filter(url -> "http".equals(url.getScheme())
                        && !LOOPBACK.matcher(url.getHost()).matches())
                .ifPresent(url -> LOG.warn(
                        "{}.{}: policies can be read and changed on their way; use https", credentials.path(), KEY));
        return endpoint;
    }

    private static Optional<URI> url(String text) {
        try {
            URI url = new URI(text);
            boolean isUrl =
                    ("https".equals(url.getScheme()) || "http".equals(url.getScheme())) && url.getHost() != null;
            return isUrl && url.getRawUserInfo() == null && url.getRawQuery() == null
                    ? Optional.of(url)
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
