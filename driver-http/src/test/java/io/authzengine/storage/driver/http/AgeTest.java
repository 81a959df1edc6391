package io.authzengine.storage.driver.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.testkit.SamplePolicies;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How old an answer was already when it came, as a server or a cache on the way says. */
class AgeTest {
    private static final String PATH = "/policy.yaml";

    private final DocumentServer server = DocumentServer.start();

    @AfterEach
    void close() {
        server.close();
    }

    /** Answers with a document that never changes, and 304 to those who hold it. */
    private void serve(String path, String document, String age) {
        server.on(path, exchange -> {
            boolean known = "\"1\"".equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
            byte[] body = known ? new byte[0] : document.getBytes(StandardCharsets.UTF_8);
            DocumentServer.send(exchange, known ? 304 : 200, Map.of("ETag", "\"1\"", "Age", age), body);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "90,90",
        "0,0",
        "007,7",
        "' 5 ',5",
        "'5, 90',5",
        "-90,0",
        "1.5,0",
        "soon,0",
        "'',0",
        "2147483648,2147483648",
        "2147483649,2147483648",
        "99999999999999999999999999,2147483648",
    })
    void isWhatTheHeaderSaysAsFarAsItCanBeUnderstood(String header, long seconds) {
        server.answer(PATH, 200, Map.of("Age", header), Driven.album("view"));
        try (Driven driven = Driven.at(server.url(PATH))) {
            driven.check();
            assertThat(driven.driver.answerAge()).isEqualTo(Duration.ofSeconds(seconds));
        }
    }

    @Test
    void isNothingIfNobodySaysAnything() {
        server.serve(PATH, Driven.album("view"));
        try (Driven driven = Driven.at(server.url(PATH))) {
            driven.check();
            assertThat(driven.driver.answerAge()).isZero();
        }
    }

    @Test
    void isThatOfTheLastAnswerAlsoIfItSaysThatNothingIsNew() {
        serve(PATH, Driven.album("view"), "10");
        try (Driven driven = Driven.at(server.url(PATH))) {
            driven.check();
            assertThat(driven.driver.answerAge()).isEqualTo(Duration.ofSeconds(10));
            serve(PATH, Driven.album("view"), "200");
            assertThat(driven.check()).isFalse();
            assertThat(driven.driver.answerAge()).isEqualTo(Duration.ofSeconds(200));
            serve(PATH, Driven.album("view"), "0");
            driven.check();
            assertThat(driven.driver.answerAge()).isZero();
        }
    }

    @Test
    void isThatOfTheHeadersWhereOnlyTheseAreAskedFor() {
        serve(PATH, Driven.album("view"), "10");
        try (Driven driven = Driven.at(server.url(PATH), config -> config.withLook(HttpConfig.Look.HEAD))) {
            driven.check();
            serve(PATH, Driven.album("view"), "200");
            server.asked();
            assertThat(driven.check()).isFalse();
            assertThat(server.asked()).extracting(DocumentServer.Asked::method).containsExactly("HEAD");
            assertThat(driven.driver.answerAge()).isEqualTo(Duration.ofSeconds(200));
        }
    }

    @Test
    void isThatOfTheOldestOfSeveral() {
        serve("/a.yaml", Driven.album("view"), "10");
        serve("/b.yaml", SamplePolicies.resource("book"), "300");
        serve("/c.yaml", SamplePolicies.resource("photo"), "20");
        HttpConfig config = Driven.config(server.url("/a.yaml"), server.url("/b.yaml"), server.url("/c.yaml"));
        try (Driven driven = new Driven(config)) {
            driven.check();
            assertThat(driven.driver.answerAge()).isEqualTo(Duration.ofMinutes(5));
        }
    }

    @Test
    void doesNotMakeALookFailThatComesBack() {
        serve(PATH, Driven.album("view"), "100000");
        try (Driven driven = Driven.at(server.url(PATH))) {
            assertThat(driven.check()).isTrue();
            assertThat(driven.text()).contains("view");
            assertThat(driven.status().lastError()).isEmpty();
        }
    }
}
