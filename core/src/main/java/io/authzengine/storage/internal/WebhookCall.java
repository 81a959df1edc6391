package io.authzengine.storage.internal;

import io.authzengine.storage.config.WebhookSettings;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.internal.Webhook.Outcome;
import io.authzengine.storage.internal.WebhookQueue.Entry;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a signed call. What is signed is the time of the call, a dot and the body, so that a call that is recorded cannot be repeated
 * later by somebody else.
 */
final class WebhookCall implements Webhook.Call {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookCall.class);
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SUCCESS = 2;
    private static final int SERVER_ERROR = 5;
    private static final int CLASS = 100;
    /** Request time-out, too early, too many requests. */
    private static final Set<Integer> LATER = Set.of(408, 425, 429);

    private final WebhookSettings settings;
    private final StorageContext context;
    private final HttpClient client;

    WebhookCall(WebhookSettings settings, StorageContext context) {
        this.settings = settings;
        this.context = context;
        this.client = HttpClient.newBuilder()
                .executor(context.workers())
                .connectTimeout(settings.timeout())
                .followRedirects(HttpClient.Redirect.NEVER) // Whoever moves must say so in the settings.
                .build();
    }

    @Override
    public Outcome post(Entry entry) throws InterruptedException {
        long time = context.clock().instant().getEpochSecond();
        HttpRequest request = HttpRequest.newBuilder(settings.url())
                .header("Content-Type", "application/json")
                .header("User-Agent", "authz-storage")
                .header("AuthZ-Event", entry.event())
                .header("AuthZ-Delivery", entry.id())
                .header("AuthZ-Signature", "t=" + time + ",v1=" + signature(time + "." + entry.body()))
                .POST(HttpRequest.BodyPublishers.ofString(entry.body(), StandardCharsets.UTF_8))
                .build();
        CompletableFuture<HttpResponse<Void>> answer =
                client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            // One deadline for all of it: the client's own ends with the headers.
            if (!context.waiting().await(answer, settings.timeout())) {
                LOG.debug("{} did not answer within {}", settings.name(), settings.timeout());
                return Outcome.FAILED;
            }
            return answer.isCompletedExceptionally()
                    ? Outcome.FAILED
                    : outcome(answer.join().statusCode());
        } finally {
            answer.cancel(true);
        }
    }

    private Outcome outcome(int status) {
        if (status / CLASS == SUCCESS) {
            return Outcome.TAKEN;
        }
        LOG.debug("{} answered {}", settings.name(), status);
        return status / CLASS == SERVER_ERROR || LATER.contains(status) ? Outcome.FAILED : Outcome.REFUSED;
    }

    private String signature(String signed) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(settings.secret().getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
