package io.authzengine.storage.server.http;

import io.authzengine.storage.driver.DriverConfig;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Who is let in, and how; part of the block {@code server:}.
 *
 * @param tokens who is let in by what they show; empty: whoever reaches the address may do everything
 * @param tls how connections are encrypted; empty for plain HTTP
 * @param origins the sites whose pages may use the interface from a browser; empty for none but our own
 * @param requestsPerSecond how many requests one address may make for long; twice as many at once
 */
public record AccessSettings(
        List<AccessToken> tokens, Optional<TlsSettings> tls, List<String> origins, int requestsPerSecond) {
    /** Nobody is asked for anything. */
    public static final AccessSettings OPEN = new AccessSettings(List.of(), Optional.empty(), List.of(), 1_000);

    private static final String ORIGIN = "https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?";
    private static final int MOST_REQUESTS = 1_000_000;

    public AccessSettings {
        tokens = List.copyOf(tokens);
        Objects.requireNonNull(tls, "tls");
        origins = List.copyOf(origins);
    }

    /** Reads {@code block}; notes there what is wrong with it. */
    static AccessSettings read(DriverConfig block) {
        List<String> origins = block.texts("cors", List.of());
        if (!origins.stream().allMatch(origin -> origin.matches(ORIGIN))) {
            block.reject(
                    "cors", "expected a list of origins, such as [\"https://ops.example.com\"]; \"*\" is not taken");
            origins = List.of();
        }
        return new AccessSettings(
                AccessToken.read(block), block.section("tls").flatMap(TlsSettings::read), origins, (int)
                        block.number("requestsPerSecond", OPEN.requestsPerSecond, 1, MOST_REQUESTS));
    }

    /** Returns whether whoever comes is asked who they are. */
    public boolean asksWho() {
        return !tokens.isEmpty() || tls.filter(TlsSettings::asksClients).isPresent();
    }
}
