package io.authzengine.storage.driver.database;

import io.authzengine.storage.parser.DocumentOrigin;
import io.authzengine.storage.parser.ParsedDocument;
import io.authzengine.storage.parser.ParserLimits;
import io.authzengine.storage.parser.PolicyParser;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyContent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Compares what a text says with what the same policy is as JSON in the column {@code content}. */
final class ContentCheck {
    private static final int SHA_DIGITS = 64;
    private static final Pattern SHA = Pattern.compile("[0-9a-f]{" + SHA_DIGITS + "}");
    private static final String DOCUMENT_KEY = "\"apiVersion\"";

    private final PolicyParser parser = new PolicyParser(ParserLimits.DEFAULT);

    /** Returns whether a token says what the text is; that of a text too large to be read does not. */
    static boolean hasSha(String token) {
        return SHA.matcher(token).lookingAt();
    }

    /** Returns the hash of the text that a token begins with. */
    static String shaOf(String token) {
        return token.substring(0, Math.min(SHA_DIGITS, token.length()));
    }

    /**
     * Returns whether {@code content} states a policy, and not the one of {@code text}. Says nothing of content in some form of the
     * user's own, and of text that is broken or has several documents.
     */
    boolean disagrees(String text, String content) {
        if (!content.contains(DOCUMENT_KEY)) {
            return false;
        }
        List<PolicyContent> stated = contents(text, "raw.yaml");
        return stated.size() == 1 && !stated.equals(contents(content, "content.json"));
    }

    private List<PolicyContent> contents(String text, String location) {
        ParsedDocument document = parser.parse(
                text.getBytes(StandardCharsets.UTF_8), new DocumentOrigin("", location, "", Optional.empty()));
        return document.policies().stream().map(Policy::content).toList();
    }
}
