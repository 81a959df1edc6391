package io.authzengine.storage.parser;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.error.Finding;
import io.authzengine.storage.policy.Policy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What the tests of this package say again and again. */
final class Parsing {
    static final String API = "apiVersion: api.cerbos.dev/v1\n";
    private static final PolicyParser PARSER = new PolicyParser(ParserLimits.DEFAULT);

    private Parsing() {}

    /** Returns a resource policy with {@code top} above it and {@code inside} within it, up to the rules. */
    static String resource(String top, String inside) {
        return API + top + "resourcePolicy:\n  resource: leave\n  version: default\n" + inside;
    }

    /** Returns a resource policy with one valid rule, to which the lines {@code more} are added. */
    static String rule(String more) {
        return resource(
                "", "  rules:\n    - actions: [view]\n      effect: EFFECT_ALLOW\n      roles: [employee]\n" + more);
    }

    static byte[] fixture(String name) {
        try (InputStream in =
                Objects.requireNonNull(Parsing.class.getResourceAsStream("/parser/" + name), "no fixture " + name)) {
            return in.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static DocumentOrigin origin(String location) {
        return new DocumentOrigin("files", location, "r1", Optional.empty());
    }

    static ParsedDocument parse(byte[] bytes, String location) {
        return PARSER.parse(bytes, origin(location));
    }

    static ParsedDocument yaml(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8), "p.yaml");
    }

    static ParsedDocument json(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8), "p.json");
    }

    static ParsedDocument yamlWithin(ParserLimits limits, String text) {
        return new PolicyParser(limits).parse(text.getBytes(StandardCharsets.UTF_8), origin("p.yaml"));
    }

    /** Returns the policies of a document that must have nothing wrong with it. */
    static List<Policy> valid(ParsedDocument document) {
        assertThat(document.findings()).isEmpty();
        return document.policies();
    }

    static Policy only(ParsedDocument document) {
        assertThat(valid(document)).hasSize(1);
        return document.policies().get(0);
    }

    /** Returns the findings as a compiler prints them. */
    static List<String> findings(ParsedDocument document) {
        return document.findings().stream().map(Finding::toString).toList();
    }
}
