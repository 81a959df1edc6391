package io.authzengine.storage.driver.http;

import static io.authzengine.storage.driver.http.Driven.album;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.bundle.Bundle;
import io.authzengine.storage.driver.http.DocumentServer.Asked;
import io.authzengine.storage.error.AuthenticationFailedException;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.Sha256;
import io.authzengine.storage.testkit.RememberedDocuments;
import io.authzengine.storage.testkit.SamplePolicies;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDriverTest {
    private static final String PATH = "/policy.yaml";

    private final DocumentServer server = DocumentServer.start();
    private Driven driven = Driven.at(server.url(PATH));

    @AfterEach
    void close() {
        driven.close();
        server.close();
    }

    private Driven with(UnaryOperator<HttpConfig> changes) {
        driven.close();
        driven = Driven.at(server.url(PATH), changes);
        return driven;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return packed.toByteArray();
    }

    private void failsWith(Class<? extends StorageException> type, String message) {
        assertThatThrownBy(driven::force)
                .isInstanceOf(type)
                .hasMessageContaining("[http-1] " + server.url(PATH) + ": ")
                .hasMessageContaining(message);
    }

    @Nested
    class AWarmStart {
        @Test
        void takesAnewOnlyWhatHasChangedSinceAnEarlierProcessReadIt() {
            RememberedDocuments documents = new RememberedDocuments();
            String location = server.url(PATH).toString();
            server.serve(PATH, album("view"));
            try (Driven earlier = new Driven(Driven.config(server.url(PATH)), documents)) {
                earlier.driver.init();
            }
            try (Driven later = new Driven(Driven.config(server.url(PATH)), documents)) {
                later.driver.init();
                assertThat(documents.recalled()).containsExactly(location);
                assertThat(later.text()).isEqualTo(album("view"));
            }
            server.serve(PATH, album("edit"));
            try (Driven last = new Driven(Driven.config(server.url(PATH)), documents)) {
                last.driver.init();
                assertThat(documents.recalled()).containsExactly(location);
                assertThat(last.text()).isEqualTo(album("edit"));
            }
        }
    }

    @Nested
    class Validating {
        @Test
        void anUnchangedDocumentIsAskedForByItsEtagAndNotSentAgain() {
            server.serve(PATH, album("view"));
            assertThat(driven.check()).isTrue();
            assertThat(server.asked()).singleElement().satisfies(first -> {
                assertThat(first.header("If-None-Match")).isEmpty();
                assertThat(first.header("Accept")).startsWith("application/json");
                assertThat(first.header("Accept-Encoding")).isEqualTo("gzip");
            });
            assertThat(driven.check()).isFalse();
            assertThat(server.asked())
                    .singleElement()
                    .satisfies(
                            second -> assertThat(second.header("If-None-Match")).matches("\"[0-9a-f]{16}\""));
        }

        /** A source that remembers its tag and answers with it never notices a change. */
        @Test
        void everyLookAsksTheServerSoAChangeIsAlwaysNoticed() {
            server.serve(PATH, album("view"));
            driven.check();
            for (String action : List.of("edit", "own", "share")) {
                assertThat(driven.check()).isFalse();
                server.serve(PATH, album(action));
                assertThat(driven.check()).isTrue();
                assertThat(driven.text()).contains(action);
            }
        }

        /** A tag that is learned before a content is held leads to "not modified" for nothing. */
        @Test
        void noValidatorIsSentForAContentThatIsNotHeld() {
            with(config -> config.withLook(HttpConfig.Look.HEAD));
            server.serve(PATH, album("view"));
            assertThat(driven.check()).isTrue();
            assertThat(server.asked()).extracting(Asked::method).containsExactly("GET");
            assertThat(driven.force()).isFalse();
            assertThat(server.asked())
                    .allSatisfy(
                            asked -> assertThat(asked.header("If-None-Match")).isEmpty());
        }

        @Test
        void notModifiedForNothingIsAnErrorAndNeverAnEmptyDocument() {
            server.answer(PATH, 304, Map.of(), "");
            failsWith(ConnectionFailedException.class, "not modified");
            assertThat(driven.driver.load().isLoaded()).isFalse();
        }

        @Test
        void aTagWhoseDocumentWasRefusedIsNeverSent() {
            server.answer(PATH, 200, Map.of("ETag", "\"a\"", "Content-Type", "text/html"), "<html>");
            failsWith(ValidationException.class, "web page");
            server.asked();
            server.serve(PATH, album("view"));
            driven.force();
            assertThat(server.asked())
                    .allSatisfy(
                            asked -> assertThat(asked.header("If-None-Match")).isEmpty());
        }

        @Test
        void aWeakTagAsksAgainAndTheContentDecides() {
            server.answer(PATH, 200, Map.of("ETag", "W/\"same\""), album("view"));
            driven.check();
            server.answer(PATH, 200, Map.of("ETag", "W/\"same\""), album("edit"));
            assertThat(driven.check()).isTrue();
            assertThat(server.asked().get(1).header("If-None-Match")).isEqualTo("W/\"same\"");
            server.answer(PATH, 200, Map.of("ETag", "W/\"other\""), album("edit"));
            assertThat(driven.check()).isFalse();
        }

        @Test
        void aTagThatWasMarkedByCompressionIsSentUnmarkedToo() {
            server.answer(PATH, 200, Map.of("ETag", "\"a-gzip\""), album("view"));
            driven.check();
            driven.check();
            assertThat(server.asked().get(1).header("If-None-Match")).isEqualTo("\"a-gzip\", \"a\"");
        }

        @Test
        void lastModifiedServesWhereThereIsNoTag() {
            String stamp = "Tue, 03 Feb 2026 10:00:00 GMT";
            server.on(PATH, exchange -> {
                boolean known = stamp.equals(exchange.getRequestHeaders().getFirst("If-Modified-Since"));
                DocumentServer.send(
                        exchange,
                        known ? 304 : 200,
                        Map.of("Last-Modified", stamp),
                        known ? new byte[0] : utf8(album("view")));
            });
            assertThat(driven.check()).isTrue();
            assertThat(driven.check()).isFalse();
            assertThat(server.asked().get(1).header("If-Modified-Since")).isEqualTo(stamp);
            assertThat(driven.driver
                            .getPolicy(Driven.ALBUM)
                            .orElseThrow()
                            .metadata()
                            .lastModified())
                    .isPresent();
        }

        @Test
        void aTimeStampOfThisVerySecondIsNotTrusted() {
            server.on(PATH, exchange -> {
                String now = java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        java.time.ZonedDateTime.now(java.time.ZoneOffset.UTC));
                DocumentServer.send(exchange, 200, Map.of("Last-Modified", now), utf8(album("view")));
            });
            driven.check();
            driven.check();
            assertThat(server.asked().get(1).header("If-Modified-Since")).isEmpty();
        }

        @Test
        void withoutAnyValidatorTheContentTellsAndNothingIsReportedTwice() {
            server.answer(PATH, 200, Map.of(), album("view"));
            assertThat(driven.check()).isTrue();
            assertThat(driven.check()).isFalse();
            assertThat(driven.driver.load().sequence()).isEqualTo(1);
        }
    }

    @Nested
    class LookingAtTheHead {
        @Test
        void costsNoBodyWhileTheTagIsTheSame() {
            with(config -> config.withLook(HttpConfig.Look.HEAD));
            server.answer(PATH, 200, Map.of("ETag", "\"a\""), album("view"));
            driven.check();
            server.asked();
            assertThat(driven.check()).isFalse();
            assertThat(server.asked()).extracting(Asked::method).containsExactly("HEAD");
            server.answer(PATH, 200, Map.of("ETag", "\"b\""), album("edit"));
            assertThat(driven.check()).isTrue();
        }

        @Test
        void whereThereIsNoHeadOneByteIsAskedFor() {
            with(config -> config.withLook(HttpConfig.Look.HEAD));
            server.on(PATH, exchange -> {
                boolean head = exchange.getRequestMethod().equals("HEAD");
                boolean range = exchange.getRequestHeaders().containsKey("Range");
                DocumentServer.send(
                        exchange,
                        head ? 405 : range ? 206 : 200,
                        head ? Map.of() : Map.of("ETag", "\"a\""),
                        head ? new byte[0] : utf8(range ? "a" : album("view")));
            });
            driven.check();
            server.asked();
            assertThat(driven.check()).isFalse();
            List<Asked> asked = server.asked();
            assertThat(asked).extracting(Asked::method).containsExactly("HEAD", "GET");
            assertThat(asked.get(1).header("Range")).isEqualTo("bytes=0-0");
        }

        @Test
        void aLookThatFailsIsNoErrorYetTheDocumentIsAskedForThen() {
            with(config -> config.withLook(HttpConfig.Look.HEAD));
            server.on(
                    PATH,
                    exchange -> DocumentServer.send(
                            exchange,
                            exchange.getRequestMethod().equals("HEAD") ? 500 : 200,
                            Map.of("ETag", "\"a\""),
                            utf8(album("view"))));
            driven.check();
            assertThat(driven.check()).isFalse();
            assertThat(server.asked()).extracting(Asked::method).containsExactly("GET", "HEAD", "GET");
        }
    }

    @Nested
    class Contents {
        @Test
        void aStreamOfSeveralDocuments() {
            server.serve(PATH, album("view") + "---\n" + SamplePolicies.resource("book"));
            driven.check();
            assertThat(driven.size()).isEqualTo(2);
            assertThat(driven.driver.listPolicies().get(1).source()).isEqualTo(server.url(PATH) + "#2");
        }

        @Test
        void aNativeDocument() {
            server.serve(
                    PATH,
                    "{\"rules\":[{\"id\":\"a\",\"effect\":\"permit\",\"actions\":[\"read\"],\"resource\":{\"type\":\"doc\"}}]}");
            driven.check();
            assertThat(driven.driver.getPolicy(PolicyId.ofNative("default"))).isPresent();
        }

        @Test
        void aBundleOfWhichOnlyWhatChangedIsParsedAgain() {
            TreeMap<String, byte[]> bundle = new TreeMap<>();
            bundle.put("a/album.yaml", utf8(album("view")));
            bundle.put("book.yaml", utf8(SamplePolicies.resource("book")));
            bundle.put("README.md", utf8("no policy"));
            bundle.put("book_test.yaml", utf8("no policy either"));
            server.serve(PATH, Bundle.write(bundle));
            driven.check();
            assertThat(driven.size()).isEqualTo(2);
            assertThat(driven.driver.listPolicies().get(0).source()).isEqualTo(server.url(PATH) + "!/a/album.yaml");
            bundle.put("a/album.yaml", utf8(album("edit")));
            server.serve(PATH, Bundle.write(bundle));
            assertThat(driven.check()).isTrue();
            bundle.remove("book.yaml");
            server.serve(PATH, Bundle.write(bundle));
            assertThat(driven.check()).isTrue();
            assertThat(driven.size()).isEqualTo(1);
        }

        @Test
        void aDamagedBundleTakesNothingAway() {
            byte[] bundle = Bundle.write(new TreeMap<>(Map.of("album.yaml", utf8(album("view")))));
            server.serve(PATH, bundle);
            driven.check();
            server.serve(PATH, java.util.Arrays.copyOf(bundle, bundle.length - 3));
            failsWith(ValidationException.class, "the bundle cannot be read");
            assertThat(driven.size()).isEqualTo(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " \n\t\r\n"})
        void anEmptyDocumentIsNeverNoPolicies(String nothing) {
            server.serve(PATH, album("view"));
            driven.check();
            server.on(PATH, exchange -> DocumentServer.send(exchange, 200, Map.of(), utf8(nothing)));
            failsWith(ValidationException.class, "the document is empty");
            assertThat(driven.text()).contains("view");
        }

        @Test
        void compressedInTransfer() {
            server.on(
                    PATH,
                    exchange -> DocumentServer.send(
                            exchange, 200, Map.of("Content-Encoding", "gzip"), gzip(utf8(album("view")))));
            driven.check();
            assertThat(driven.text()).contains("view");
        }

        @Test
        void inAnEncodingThatWasNotAskedFor() {
            server.answer(PATH, 200, Map.of("Content-Encoding", "br"), "x");
            failsWith(ValidationException.class, "encoded in a way");
        }

        @Test
        void aBombIsNotUnpacked() {
            byte[] bomb = gzip(new byte[32 << 20]);
            server.on(PATH, exchange -> DocumentServer.send(exchange, 200, Map.of("Content-Encoding", "gzip"), bomb));
            failsWith(ValidationException.class, "200 times its size");
            with(config -> config.withMaxBytes(1 << 16));
            failsWith(ValidationException.class, "more than 65536 bytes");
        }

        @Test
        void moreThanIsWanted() {
            with(config -> config.withMaxBytes(100));
            server.answer(PATH, 200, Map.of(), album("view"));
            failsWith(ValidationException.class, "more than 100 bytes");
        }

        @ParameterizedTest
        @ValueSource(strings = {"Content-Digest", "Repr-Digest", "Digest"})
        void whoseDigestIsTheServersOrIsRefused(String header) {
            String colon = header.equals("Digest") ? "" : ":";
            String right = Base64.getEncoder().encodeToString(Sha256.of(utf8(album("view"))));
            server.answer(PATH, 200, Map.of(header, "sha-256=" + colon + right + colon), album("view"));
            assertThat(driven.check()).isTrue();
            server.answer(PATH, 200, Map.of(header, "sha-256=" + colon + right + colon), album("edit"));
            failsWith(ConnectionFailedException.class, "is not what the digest in its headers says");
        }
    }

    @Nested
    class Refusals {
        @ParameterizedTest
        @ValueSource(ints = {401, 403})
        void credentialsThatAreNotAccepted(int status) {
            server.on(PATH, exchange -> {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=x");
                DocumentServer.send(exchange, status, Map.of(), new byte[0]);
            });
            failsWith(AuthenticationFailedException.class, "answered " + status);
        }

        @ParameterizedTest
        @ValueSource(ints = {400, 404, 405, 410, 418, 451})
        void aDocumentThatIsNotThere(int status) {
            server.answer(PATH, status, Map.of(), "no");
            failsWith(NotFoundException.class, "answered " + status);
        }

        @ParameterizedTest
        @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504, 599})
        void aServerThatMayRecover(int status) {
            server.answer(PATH, status, Map.of("Retry-After", "7"), "later");
            assertThatThrownBy(driven::force)
                    .isInstanceOfSatisfying(
                            ConnectionFailedException.class,
                            failure -> assertThat(failure.retryAfter().orElseThrow())
                                    .hasSeconds(7));
        }

        @ParameterizedTest
        @ValueSource(ints = {201, 204, 206, 300})
        void anAnswerThatIsNoDocument(int status) {
            server.answer(PATH, status, Map.of(), status == 204 ? "" : album("view"));
            failsWith(ValidationException.class, "answered " + status);
        }
    }

    @Nested
    class Redirections {
        private void redirect(String from, String to) {
            server.answer(from, 302, Map.of("Location", to), "");
        }

        @Test
        void onTheSameServerAreFollowed() {
            redirect(PATH, "/next");
            redirect("/next", server.url("/there.yaml").toString());
            server.serve("/there.yaml", album("view"));
            assertThat(driven.check()).isTrue();
            assertThat(driven.check()).isFalse();
        }

        @Test
        void inACircleEnd() {
            redirect(PATH, "/next");
            redirect("/next", PATH);
            failsWith(ValidationException.class, "more than 5 redirections");
            assertThat(server.asked()).hasSize(6);
        }

        @Test
        void toAnotherServerAreRefusedUnlessTheyAreAllowedAndGetNoCredentials() {
            try (DocumentServer other = DocumentServer.start()) {
                redirect(PATH, other.url(PATH).toString());
                other.serve(PATH, album("view"));
                failsWith(ValidationException.class, "another server, " + Urls.origin(other.url("/")));
                assertThat(other.asked()).isEmpty();
                with(config -> config.withCredentials(Credentials.bearer(Credentials.Secret.of("sesame")))
                        .withNetwork(new HttpConfig.Network(true, Optional.empty(), true, 5, Set.of("localhost"))));
                assertThat(driven.check()).isTrue();
                assertThat(server.asked())
                        .last()
                        .satisfies(asked ->
                                assertThat(asked.header("Authorization")).isEqualTo("Bearer sesame"));
                assertThat(other.asked())
                        .singleElement()
                        .satisfies(asked ->
                                assertThat(asked.header("Authorization")).isEmpty());
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "file:///etc/passwd",
                    "https://localhost/x",
                    "ftp://localhost/",
                    "http://user:pw@localhost/",
                    ":x"
                })
        void toAnotherSchemeAreRefused(String to) {
            redirect(PATH, to);
            failsWith(ValidationException.class, "it redirects to");
        }
    }

    @Nested
    class LettingIn {
        @Test
        void aSecretInAFileIsReadAtEachLook(@TempDir Path directory) throws IOException {
            Path file = Files.writeString(directory.resolve("token"), "first\n");
            with(config -> config.withCredentials(Credentials.bearer(Credentials.Secret.in(file))));
            server.serve(PATH, album("view"));
            driven.check();
            Files.writeString(file, "second\n");
            driven.check();
            assertThat(server.asked())
                    .extracting(asked -> asked.header("Authorization"))
                    .containsExactly("Bearer first", "Bearer second");
            Files.delete(file);
            failsWith(AuthenticationFailedException.class, "the credentials cannot be read");
        }

        @Test
        void byNameAndPasswordOrByAHeader() {
            server.serve(PATH, album("view"));
            with(config -> config.withCredentials(Credentials.basic("ann", Credentials.Secret.of("pw"))))
                    .check();
            with(config -> config.withCredentials(Credentials.header("X-Key", Credentials.Secret.of("k"))))
                    .check();
            List<Asked> asked = server.asked();
            assertThat(asked.get(0).header("Authorization")).isEqualTo("Basic YW5uOnB3");
            assertThat(asked.get(1).header("X-Key")).isEqualTo("k");
        }

        @Test
        void aSecretThatCannotBeSentIsNotShown() {
            with(config -> config.withCredentials(Credentials.bearer(Credentials.Secret.of("top\nsecret"))));
            assertThatThrownBy(driven::force)
                    .isInstanceOf(AuthenticationFailedException.class)
                    .hasMessageNotContaining("secret")
                    .hasStackTraceContaining("SD-002")
                    .satisfies(failure -> {
                        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                            assertThat(String.valueOf(cause.getMessage())).doesNotContain("top");
                        }
                    });
        }

        @Test
        void queriesAreNeverShown() {
            driven.close();
            driven = Driven.at(java.net.URI.create(server.url(PATH) + "?sig=hidden"));
            failsWith(NotFoundException.class, "404");
            assertThatThrownBy(driven::force).hasMessageNotContaining("hidden");
        }
    }

    @Nested
    class SeveralUrls {
        @Test
        void areOneSetAndOneChange() {
            server.serve(PATH, album("view"));
            server.serve("/book.yaml", SamplePolicies.resource("book"));
            driven.close();
            driven = new Driven(Driven.config(server.url(PATH), server.url("/book.yaml")));
            assertThat(driven.check()).isTrue();
            assertThat(driven.size()).isEqualTo(2);
            assertThat(driven.check()).isFalse();
            server.serve(PATH, album("edit"));
            assertThat(driven.check()).isTrue();
            server.answer("/book.yaml", 500, Map.of(), "");
            server.serve(PATH, album("own"));
            assertThatThrownBy(driven::force).isInstanceOf(ConnectionFailedException.class);
            assertThat(driven.text()).contains("edit");
            server.serve("/book.yaml", SamplePolicies.resource("book"));
            assertThat(driven.force()).isTrue();
            assertThat(driven.text()).contains("own");
        }

        @Test
        void oneThatFailedAfterAnotherWasFetchedDoesNotLoseTheOther() {
            server.serve(PATH, album("view"));
            server.serve("/book.yaml", SamplePolicies.resource("book"));
            driven.close();
            driven = new Driven(Driven.config(server.url(PATH), server.url("/book.yaml"))
                    .withTiming(new HttpConfig.Timing(
                            java.time.Duration.ofSeconds(5),
                            java.time.Duration.ofSeconds(20),
                            java.time.Duration.ofMinutes(1),
                            3,
                            java.time.Duration.ofMillis(1),
                            java.time.Duration.ofMillis(1))));
            driven.check();
            server.serve(PATH, album("own"));
            java.util.concurrent.atomic.AtomicInteger failures = new java.util.concurrent.atomic.AtomicInteger(2);
            server.on(
                    "/book.yaml",
                    exchange -> DocumentServer.send(
                            exchange,
                            failures.getAndDecrement() > 0 ? 503 : 200,
                            Map.of(),
                            utf8(SamplePolicies.resource("book"))));
            assertThat(driven.check()).isTrue();
            assertThat(driven.text()).contains("own");
        }

        @Test
        void primedAndThenChangedInOnePlaceAreLoadedWhole() {
            server.serve(PATH, album("view"));
            server.serve("/book.yaml", SamplePolicies.resource("book"));
            driven.close();
            HttpConfig config = Driven.config(server.url(PATH), server.url("/book.yaml"));
            driven = new Driven(config);
            driven.driver.start(io.authzengine.storage.driver.StartOptions.DEFAULT.withoutInitialLoad());
            assertThat(driven.check()).isFalse();
            server.serve(PATH, album("edit"));
            assertThat(driven.check()).isTrue();
            assertThat(driven.size()).isEqualTo(2);
        }
    }

    /** A host of this name is nowhere, so whoever answers is the proxy. */
    @Nested
    class ThroughAProxy {
        private static final URI NOWHERE = URI.create("http://policies.invalid" + PATH);

        private void throughProxy() {
            throughProxy(Credentials.NONE);
        }

        private void throughProxy(Credentials credentials) {
            driven.close();
            InetSocketAddress address = InetSocketAddress.createUnresolved("localhost", server.port());
            HttpConfig.Proxy proxy = new HttpConfig.Proxy(address, credentials);
            driven = new Driven(Driven.config(NOWHERE)
                    .withCredentials(Credentials.bearer(Credentials.Secret.of("sesame")))
                    .withNetwork(new HttpConfig.Network(true, Optional.of(proxy), true, 5, Set.of())));
        }

        @Test
        void whichIsToldAPasswordOfItsOwn() {
            server.serve(PATH, album("view"));
            throughProxy(Credentials.basic("me", Credentials.Secret.of("open")));
            assertThat(driven.check()).isTrue();
            Asked asked = server.asked().get(0);
            assertThat(asked.header("Proxy-Authorization"))
                    .isEqualTo("Basic " + Base64.getEncoder().encodeToString(utf8("me:open")));
            assertThat(asked.header("Authorization")).isEqualTo("Bearer sesame");
        }

        @Test
        void theHostIsAskedForAndNeedNotBeKnownHere() {
            server.serve(PATH, album("view"));
            throughProxy();
            assertThat(driven.check()).isTrue();
            assertThat(driven.text()).contains("view");
            assertThat(server.asked())
                    .extracting(asked -> asked.header("Host"))
                    .containsOnly("policies.invalid")
                    .isNotEmpty();
        }

        @Test
        void thatWantsCredentialsIsToldFromAServerThatDoes() {
            server.answer(PATH, 407, Map.of("Proxy-Authenticate", "Basic realm=x"), "no");
            throughProxy();
            assertThatThrownBy(driven::force)
                    .isInstanceOf(AuthenticationFailedException.class)
                    .hasMessageContaining("the proxy wants credentials");
        }

        @Test
        void thatIsNotThereIsAFailureOfTheConnection() {
            throughProxy();
            server.close();
            assertThatThrownBy(driven::force).isInstanceOf(ConnectionFailedException.class);
        }
    }

    @Nested
    class PrivateAddressesRefused {
        @Test
        void beforeAnythingIsSent() {
            server.serve(PATH, album("view"));
            with(config -> config.withNetwork(new HttpConfig.Network(true, Optional.empty(), false, 5, Set.of())));
            failsWith(ValidationException.class, "private network");
            assertThat(server.asked()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
                    "224.0.0.1", "255.255.255.255", "::1", "fc00::1", "fd12::1", "fe80::1", "::ffff:10.0.0.1",
                    "64:ff9b::a00:1", "::"
                })
        void whateverTheirForm(String address) throws Exception {
            assertThat(PrivateAddresses.isPrivate(java.net.InetAddress.getByName(address)))
                    .isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2001:4860:4860::8888", "64:ff9b::808:808"})
        void andNoOthers(String address) throws Exception {
            assertThat(PrivateAddresses.isPrivate(java.net.InetAddress.getByName(address)))
                    .isFalse();
        }
    }
}
