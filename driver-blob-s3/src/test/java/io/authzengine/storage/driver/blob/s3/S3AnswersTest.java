package io.authzengine.storage.driver.blob.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.authzengine.storage.driver.blob.Blob;
import io.authzengine.storage.driver.blob.BlobBackend.Target;
import io.authzengine.storage.driver.blob.BlobErrors;
import io.authzengine.storage.driver.blob.BlobPage;
import io.authzengine.storage.driver.blob.BlobStore;
import io.authzengine.storage.error.ConnectionFailedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers that stores give and that the server of the other tests cannot be brought to give. */
class S3AnswersTest {
    private static final String NOON = "2026-01-01T12:00:00Z";
    private static final String LATER = "2026-01-01T13:00:00Z";

    private final List<URI> asked = new ArrayList<>();
    private String answer = "";
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestURI());
        byte[] body = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private synchronized BlobStore answering(String text, boolean versions) {
        answer = text;
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        S3Backend backend = S3Backend.at(endpoint, S3Login.keys("id", "secret", Optional.empty()));
        return (versions ? backend.withVersions() : backend)
                .open(new Target("bucket", 1, new BlobErrors("blob", "s3://bucket")));
    }

    private synchronized String query() {
        return asked.get(asked.size() - 1).getQuery();
    }

    private static String version(String key, String id, boolean latest) {
        return "<Version><Key>" + key + "</Key><VersionId>" + id + "</VersionId><IsLatest>" + latest + "</IsLatest>"
                + "<ETag>\"tag\"</ETag><Size>3</Size><LastModified>" + (latest ? LATER : NOON)
                + "</LastModified></Version>";
    }

    @Test
    void versionsAreListedFromWhereThePageBeforeEnded() {
        String page = "<ListVersionsResult><IsTruncated>true</IsTruncated><NextKeyMarker>film</NextKeyMarker>"
                + "<NextVersionIdMarker>v7</NextVersionIdMarker>" + version("album", "v2", true)
                + version("album", "v1", false) + version("book", "null", true) + "</ListVersionsResult>";
        try (BlobStore store = answering(page, true)) {
            BlobPage first = store.list("", Optional.empty());
            assertThat(first.blobs())
                    .as("the latest alone, and by its tag what was written without versions")
                    .containsExactly(
                            Blob.versioned("album", "v2", 3, Optional.of(Instant.parse(LATER))),
                            Blob.tagged("book", "tag", 3, Optional.of(Instant.parse(LATER))));
            store.list("", first.next());
            assertThat(query()).contains("key-marker=film").contains("version-id-marker=v7");
        }
        try (BlobStore store = answering(page.replaceAll("<NextVersionIdMarker>.*</NextVersionIdMarker>", ""), true)) {
            store.list("", store.list("", Optional.empty()).next());
            assertThat(query()).contains("key-marker=film").doesNotContain("version-id-marker");
        }
    }

    @Test
    void aPageThatSaysThereIsMoreAndNotWhereIsNotTheLast() {
        for (String next : List.of("", "<NextContinuationToken></NextContinuationToken>")) {
            String page = "<ListBucketResult><IsTruncated>true</IsTruncated>" + next + "</ListBucketResult>";
            try (BlobStore store = answering(page, false)) {
                assertThatThrownBy(() -> store.list("", Optional.empty()))
                        .isInstanceOf(ConnectionFailedException.class)
                        .hasMessageContaining("there is more");
            }
        }
    }

    @Test
    void whatIsListedWithoutATagIsNoVersionOfItsOwn() {
        String page = "<ListBucketResult><Contents><Key>album</Key><Size>3</Size></Contents></ListBucketResult>";
        try (BlobStore store = answering(page, false)) {
            assertThat(store.list("", Optional.empty()).blobs())
                    .singleElement()
                    .satisfies(blob -> assertThat(blob.isVersion()).isFalse());
        }
    }

    @Test
    void whatIsLargerThanWasListedIsNotReadToItsEnd() {
        try (BlobStore store = answering("x".repeat(100_000), false)) {
            Blob small = Blob.tagged("album", "tag", 3, Optional.empty());
            assertThat(store.get(small, 10))
                    .as("what is too large, for the driver to say so")
                    .isPresent();
        }
    }
}
