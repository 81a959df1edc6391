package io.authzengine.storage.driver.blob.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.blob.BlobConfig;
import io.authzengine.storage.driver.blob.BlobDriverProvider;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.testkit.SamplePolicies;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection that ends in the middle of an object, of which the first lines are a policy too. Java's own HTTP client says nothing. */
class S3CutBodyTest {
    private static final String WHOLE = SamplePolicies.resource("album");
    private static final String LISTING = "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>false</IsTruncated>"
            + "<Contents><Key>policies/album.yaml</Key><ETag>\"tag\"</ETag><Size>" + WHOLE.length()
            + "</Size></Contents></ListBucketResult>";

    private final StorageContext context = StorageContext.create("test");
    private final AtomicInteger cutsLeft = new AtomicInteger();
    private HttpServer server;
    private StorageDriver driver;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        S3Backend backend = S3Backend.at(endpoint, S3Login.keys("id", "secret", Optional.empty()));
        driver = new BlobDriverProvider().create(BlobConfig.of(backend, "bucket"), context);
    }

    private void answer(HttpExchange exchange) throws IOException {
        boolean lists = exchange.getRequestURI().getQuery() != null
                && exchange.getRequestURI().getQuery().contains("list-type");
        byte[] body = (lists ? LISTING : WHOLE).getBytes(StandardCharsets.UTF_8);
        boolean cut = !lists && cutsLeft.getAndDecrement() > 0;
        exchange.getResponseHeaders().set("ETag", "\"tag\"");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body, 0, cut ? body.length / 2 : body.length);
        exchange.getResponseBody().flush();
        exchange.close();
    }

    @AfterEach
    void stop() {
        driver.close();
        context.close();
        server.stop(0);
    }

    @Test
    void isReadAgain() {
        cutsLeft.set(1);
        driver.init();
        assertThat(driver.getAllPolicies())
                .singleElement()
                .extracting(policy -> policy.raw().toString())
                .isEqualTo(WHOLE);
        assertThat(cutsLeft).hasNegativeValue();
    }

    @Test
    void isNeverTakenForTheObject() {
        cutsLeft.set(Integer.MAX_VALUE);
        assertThatThrownBy(driver::init)
                .isInstanceOf(ConnectionFailedException.class)
                .hasMessageContaining("album.yaml");
        assertThat(driver.getAllPolicies()).isEmpty();
    }
}
