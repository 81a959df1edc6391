package io.authzengine.storage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

/** The fakes answer as the stores do; that the official clients understand them is tested with the drivers. */
class FakeStoresTest {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private HttpResponse<String> get(URI base, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void ofGoogleListsReadsAndRefuses() throws Exception {
        try (FakeGcs fake = FakeGcs.start("bucket")) {
            fake.put("policies/a.yaml", "one");
            fake.put("policies/b \"quoted\".yaml", "two");
            fake.put("other/c.yaml", "three");
            String objects = "/storage/v1/b/bucket/o";
            HttpResponse<String> page = get(fake.url(), objects + "?prefix=policies/&maxResults=1");
            assertThat(page.body()).contains("policies/a.yaml", "nextPageToken").doesNotContain("other");
            assertThat(get(fake.url(), objects + "?prefix=policies/").body()).contains("b \\\"quoted\\\".yaml");
            HttpResponse<String> one = get(fake.url(), objects + "/policies%2Fa.yaml?alt=media");
            assertThat(one.body()).isEqualTo("one");
            assertThat(one.headers().firstValue("X-Goog-Hash")).isPresent();
            assertThat(get(fake.url(), objects + "/policies%2Fa.yaml").body()).contains("\"generation\"");
            assertThat(get(fake.url(), objects + "/policies%2Fa.yaml?ifGenerationMatch=1")
                            .statusCode())
                    .isEqualTo(412);
            assertThat(get(fake.url(), objects + "/policies%2Fa.yaml?generation=1")
                            .statusCode())
                    .isEqualTo(404);
            assertThat(get(fake.url(), "/storage/v1/b/another/o").statusCode()).isEqualTo(404);
            fake.remove("policies/a.yaml");
            assertThat(get(fake.url(), objects + "/policies%2Fa.yaml").statusCode())
                    .isEqualTo(404);
            fake.refuse(429, 3);
            assertThat(get(fake.url(), objects).headers().firstValue("Retry-After"))
                    .contains("3");
            fake.up();
            fake.clear();
            assertThat(get(fake.url(), objects).body()).contains("\"items\":[]");
            assertThat(fake.requests()).isPositive();
            assertThat(fake.sent()).isPositive();
            fake.down();
            assertThatThrownBy(() -> get(fake.url(), objects)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void ofAzureListsReadsWritesAndRefuses() throws Exception {
        try (FakeAzure fake = FakeAzure.start("container")) {
            fake.put("policies/a.yaml", "one");
            fake.put("policies/b&c.yaml", "two");
            String home = "/container";
            HttpResponse<String> page = get(fake.url(), home + "?comp=list&prefix=policies/&maxresults=1");
            assertThat(page.body()).contains("<Name>policies/a.yaml</Name>", "<NextMarker>policies/b&amp;c.yaml");
            HttpResponse<String> one = get(fake.url(), home + "/policies/a.yaml");
            assertThat(one.body()).isEqualTo("one");
            String tag = one.headers().firstValue("ETag").orElseThrow();
            assertThat(get(fake.url(), home + "/policies/a.yaml", "If-Match", tag)
                            .statusCode())
                    .isEqualTo(200);
            assertThat(get(fake.url(), home + "/policies/a.yaml", "If-Match", "\"0x0\"")
                            .statusCode())
                    .isEqualTo(412);
            URI there = URI.create(fake.url() + home + "/policies/a.yaml");
            HttpRequest.Builder write = HttpRequest.newBuilder(there).PUT(BodyPublishers.ofString("new"));
            assertThat(send(write.copy().header("If-None-Match", "*")).statusCode())
                    .isEqualTo(409);
            assertThat(send(write).statusCode()).isEqualTo(201);
            assertThat(get(fake.url(), home + "/policies/a.yaml").body()).isEqualTo("new");
            assertThat(get(fake.url(), "/another?comp=list").body()).contains("ContainerNotFound");
            fake.remove("policies/a.yaml");
            assertThat(get(fake.url(), home + "/policies/a.yaml").body()).contains("BlobNotFound");
            for (int status : new int[] {403, 503, 500}) {
                fake.refuse(status, 1);
                assertThat(get(fake.url(), home + "?comp=list").statusCode()).isEqualTo(status);
            }
            fake.up();
            fake.clear();
            assertThat(get(fake.url(), home + "?comp=list").body()).doesNotContain("<Blob>");
            assertThat(fake.requests()).isPositive();
            assertThat(fake.sent()).isPositive();
            fake.down();
            assertThatThrownBy(() -> get(fake.url(), home)).isInstanceOf(IOException.class);
        }
    }
}
