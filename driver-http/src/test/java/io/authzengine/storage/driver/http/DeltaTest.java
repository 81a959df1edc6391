package io.authzengine.storage.driver.http;

import static io.authzengine.storage.driver.http.Driven.album;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.authzengine.storage.bundle.Bundle;
import io.authzengine.storage.bundle.BundleDelta;
import io.authzengine.storage.driver.http.DocumentServer.Asked;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.policy.Sha256;
import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.PolicySource;
import io.authzengine.storage.source.Revision;
import io.authzengine.storage.source.SourceContext;
import io.authzengine.storage.source.SourceEntry;
import io.authzengine.storage.testkit.SamplePolicies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A bundle of which a server hands out what has changed, as policyd does. */
class DeltaTest {
    private static final String PATH = "/api/bundle";

    private final DocumentServer server = DocumentServer.start();
    private final Driven driven = Driven.at(server.url(PATH));
    private final SortedMap<String, byte[]> documents = new TreeMap<>();

    @BeforeEach
    void publish() {
        put("a/album.yaml", album("view"));
        put("book.yaml", SamplePolicies.resource("book"));
        put("photo.yaml", SamplePolicies.resource("photo"));
        server.on(PATH, exchange -> DocumentServer.send(exchange, 200, Map.of("ETag", tag()), Bundle.write(documents)));
        driven.check();
        server.asked();
    }

    @AfterEach
    void close() {
        driven.close();
        server.close();
    }

    private void put(String name, String text) {
        documents.put(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private String tag() {
        SortedMap<String, String> hashes = new TreeMap<>();
        documents.forEach((name, text) -> hashes.put(name, Sha256.hex(text)));
        return '"' + BundleDelta.tag(hashes) + '"';
    }

    /** Answers with a delta to whoever asks for one, and with all there is to others. */
    private void serve(Optional<String> base, byte[] delta) {
        server.on(PATH, exchange -> answer(exchange, base, delta));
    }

    private void answer(HttpExchange exchange, Optional<String> base, byte[] delta) throws IOException {
        String asked = exchange.getRequestHeaders().getFirst("A-IM");
        String known = exchange.getRequestHeaders().getFirst("If-None-Match");
        if (asked != null && asked.equals(BundleDelta.MANIPULATION) && known != null) {
            Map<String, String> headers = Map.of(
                    "ETag", tag(), "IM", BundleDelta.MANIPULATION, "Delta-Base", base.orElse(known), "Age", "70");
            DocumentServer.send(exchange, 226, headers, delta);
        } else {
            DocumentServer.send(exchange, 200, Map.of("ETag", tag()), Bundle.write(documents));
        }
    }

    private byte[] delta(Set<String> changed, Set<String> gone) {
        SortedMap<String, byte[]> texts = new TreeMap<>(documents);
        texts.keySet().retainAll(changed);
        SortedSet<String> names = new TreeSet<>(gone);
        return BundleDelta.write(texts, names);
    }

    private List<String> conditions() {
        return server.asked().stream()
                .map(asked -> asked.header("If-None-Match"))
                .toList();
    }

    @Test
    void changesWhatItNamesAndNothingElse() {
        put("a/album.yaml", album("edit"));
        documents.remove("book.yaml");
        serve(Optional.empty(), delta(Set.of("a/album.yaml"), Set.of("book.yaml")));
        assertThat(driven.check()).isTrue();
        assertThat(driven.text()).contains("edit");
        assertThat(driven.size()).isEqualTo(2);
        assertThat(driven.driver.answerAge()).isEqualTo(Duration.ofSeconds(70));
        assertThat(server.asked()).extracting(asked -> asked.header("A-IM")).containsExactly("authz-bundle");

        put("new.yaml", SamplePolicies.resource("new"));
        serve(Optional.empty(), delta(Set.of("new.yaml"), Set.of()));
        assertThat(driven.check()).isTrue();
        assertThat(driven.size()).isEqualTo(3);
    }

    @Test
    void thatDoesNotComeToWhatTheServerHasIsNotUsedAndAllIsFetched() {
        put("a/album.yaml", album("edit"));
        documents.remove("book.yaml");
        serve(Optional.empty(), delta(Set.of("a/album.yaml"), Set.of()));
        assertThat(driven.check()).isTrue();
        assertThat(driven.size()).isEqualTo(2);
        assertThat(conditions()).hasSize(2).last().isEqualTo("");
        assertThat(driven.driver.answerAge()).isZero();
    }

    @Test
    void sinceAnotherBundleIsNotUsedAndAllIsFetched() {
        put("a/album.yaml", album("edit"));
        serve(Optional.of("\"another\""), delta(Set.of("a/album.yaml"), Set.of("photo.yaml")));
        assertThat(driven.check()).isTrue();
        assertThat(driven.size()).isEqualTo(3);
        assertThat(driven.text()).contains("edit");
    }

    @Test
    void thatIsDamagedIsNotUsedAndAllIsFetched() {
        put("a/album.yaml", album("edit"));
        byte[] delta = delta(Set.of("a/album.yaml"), Set.of());
        serve(Optional.empty(), Arrays.copyOf(delta, delta.length - 3));
        assertThat(driven.check()).isTrue();
        assertThat(driven.text()).contains("edit");
        assertThat(conditions()).hasSize(2).last().isEqualTo("");
    }

    /** What is held no more is fetched again for reading it, and may be newer by then than what was listed. */
    @Test
    void sinceWhatWasNeverListedIsListedAsAWhole() {
        SourceContext about = new SourceContext("http-1", driven.context, Duration.ofSeconds(20), 1 << 20);
        try (HttpSource source = new HttpSource(Driven.config(server.url(PATH)))) {
            source.open(about);
            Manifest listed = source.manifest(Revision.NONE).orElseThrow();
            List<SourceEntry> entries = List.copyOf(listed.entries().values());
            source.read(listed, entries, new Drain());
            put("a/album.yaml", album("edit"));
            source.read(listed, entries, new Drain());

            put("book.yaml", SamplePolicies.resource("book", "default", "edit"));
            serve(Optional.empty(), delta(Set.of("book.yaml"), Set.of()));
            Manifest news = source.manifest(listed.revision()).orElseThrow();
            assertThat(news.isComplete()).isTrue();
            assertThat(news.entries()).hasSize(3);
            assertThat(news.entries().values())
                    .filteredOn(entry -> !entries.contains(entry))
                    .hasSize(2);
        }
    }

    /** Takes what is read, and does nothing with it. */
    private static final class Drain implements PolicySource.Sink {
        @Override
        public void accept(SourceEntry entry, byte[] content) {}

        @Override
        public void failed(SourceEntry entry, StorageException failure) {
            throw failure;
        }

        @Override
        public void moved(SourceEntry entry) {}
    }

    @Test
    void isNotAskedForWhenEverythingIsToBeRead() {
        serve(Optional.empty(), new byte[0]);
        assertThat(driven.force()).isFalse();
        assertThat(server.asked())
                .extracting((Asked asked) -> asked.header("A-IM"))
                .containsExactly("");
    }
}
