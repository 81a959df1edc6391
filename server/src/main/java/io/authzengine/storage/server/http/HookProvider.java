package io.authzengine.storage.server.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The manners in which senders of webhooks show that they know the secret. */
public enum HookProvider {
    /** GitHub: {@code X-Hub-Signature-256} over the body. */
    GITHUB("X-Hub-Signature-256", "X-GitHub-Delivery"),
    /** GitLab: the secret itself in {@code X-Gitlab-Token}. */
    GITLAB("X-Gitlab-Token", "X-Gitlab-Event-UUID"),
    /** Gitea and Forgejo: {@code X-Gitea-Signature} over the body. */
    GITEA("X-Gitea-Signature", "X-Gitea-Delivery"),
    /** Bitbucket: {@code X-Hub-Signature} over the body. */
    BITBUCKET("X-Hub-Signature", "X-Request-UUID"),
    /** Anybody else: {@code X-Signature-256} over the delivery's id in {@code X-Delivery-Id}, a line feed and the body. */
    GENERIC("X-Signature-256", "X-Delivery-Id");

    private static final String ALGORITHM = "HmacSHA256";
    private static final String PREFIX = "sha256=";

    private final String proofHeader;
    private final String idHeader;

    HookProvider(String proofHeader, String idHeader) {
        this.proofHeader = proofHeader;
        this.idHeader = idHeader;
    }

    /** Returns what tells this delivery from all others; empty if the sender does not say. */
    Optional<String> delivery(Function<String, Optional<String>> header) {
        return header.apply(idHeader).filter(id -> !id.isBlank());
    }

    /** Returns the header that must hold the proof. */
    String proofHeader() {
        return proofHeader;
    }

    /** Returns the header that must name the delivery. */
    String idHeader() {
        return idHeader;
    }

    /** Returns whether the sender knows {@code secret}; takes as long for a proof that is nearly right as for any other. */
    boolean isProven(String secret, Function<String, Optional<String>> header, byte[] body) {
        byte[] given = header.apply(proofHeader).orElse("").getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(expected(secret, header, body).getBytes(StandardCharsets.UTF_8), given);
    }

    private String expected(String secret, Function<String, Optional<String>> header, byte[] body) {
        return switch (this) {
            case GITLAB -> secret;
            case GITEA -> hmac(secret, new byte[0], body);
            case GITHUB, BITBUCKET -> PREFIX + hmac(secret, new byte[0], body);
            case GENERIC -> PREFIX + hmac(secret, signedId(header), body);
        };
    }

    private byte[] signedId(Function<String, Optional<String>> header) {
        return (delivery(header).orElse("") + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String hmac(String secret, byte[] before, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            mac.update(before);
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
