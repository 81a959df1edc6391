package io.authzengine.storage.driver.git;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.jspecify.annotations.Nullable;

/** One request and its answer, as JGit sees them. Used by one thread. */
final class HttpExchange implements HttpConnection {
    /** The client sets these itself. */
    private static final Set<String> OF_THE_CLIENT =
            Set.of("connection", "content-length", "expect", "host", "upgrade");

    private final HttpClient client;
    private final URL url;
    private final Duration timeout;
    private final GitHttp owner;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private String method = "GET";
    private @Nullable ByteArrayOutputStream body;
    private @Nullable HttpResponse<InputStream> response;

    HttpExchange(HttpClient client, URL url, Duration timeout, GitHttp owner) {
        this.client = client;
        this.url = url;
        this.timeout = timeout;
        this.owner = owner;
    }

    private HttpResponse<InputStream> response() throws IOException {
        if (response == null) {
            response = send();
            owner.answered(response.statusCode());
        }
        return response;
    }

    private HttpResponse<InputStream> send() throws IOException {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(url.toURI())
                    .timeout(timeout)
                    .method(
                            method,
                            body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body.toByteArray()));
            headers.forEach((name, value) -> {
                if (!OF_THE_CLIENT.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                    request.header(name, value);
                }
            });
            return client.send(request.build(), answer -> new AnswerBody());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while waiting for an answer");
            interrupted.initCause(e);
            throw interrupted;
        } catch (URISyntaxException e) {
            throw new IOException("not an address: " + url.getHost(), e);
        }
    }

    @Override
    public int getResponseCode() throws IOException {
        return response().statusCode();
    }

    @Override
    public String getResponseMessage() throws IOException {
        return "HTTP " + response().statusCode();
    }

    @Override
    public URL getURL() {
        return url;
    }

    @Override
    public Map<String, List<String>> getHeaderFields() {
        Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        if (response != null) {
            fields.putAll(response.headers().map());
        }
        return fields;
    }

    @Override
    public List<String> getHeaderFields(String name) {
        return response == null ? List.of() : response.headers().allValues(name);
    }

    @Override
    public @Nullable String getHeaderField(String name) {
        return response == null ? null : response.headers().firstValue(name).orElse(null);
    }

    @Override
    public @Nullable String getContentType() {
        return getHeaderField("Content-Type");
    }

    @Override
    public int getContentLength() {
        return -1; // Not trusted by anyone: what comes is counted.
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(response().body()) {
            @Override
            public int read() throws IOException {
                int read = super.read();
                owner.received(read < 0 ? 0 : 1);
                return read;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int read = super.read(bytes, offset, length);
                owner.received(Math.max(read, 0));
                return read;
            }
        };
    }

    @Override
    public OutputStream getOutputStream() {
        if (body == null) {
            body = new ByteArrayOutputStream();
        }
        return body;
    }

    @Override
    public void setRequestProperty(String name, String value) {
        headers.put(name, value);
    }

    @Override
    public void setRequestMethod(String name) {
        method = name;
    }

    @Override
    public String getRequestMethod() {
        return method;
    }

    @Override
    public boolean usingProxy() {
        return client.proxy().stream()
                .flatMap(selector -> selector.select(URI.create("http://" + url.getHost())).stream())
                .anyMatch(proxy -> proxy.type() != java.net.Proxy.Type.DIRECT);
    }

    @Override
    public void connect() throws IOException {
        response();
    }

    @Override
    public void setDoOutput(boolean output) {
        if (output) {
            getOutputStream();
        }
    }

    // What JGit would set here is set once for all in the client.
    @Override
    public void setUseCaches(boolean use) {}

    @Override
    public void setConnectTimeout(int millis) {}

    @Override
    public void setReadTimeout(int millis) {}

    @Override
    public void setInstanceFollowRedirects(boolean follow) {}

    @Override
    public void setFixedLengthStreamingMode(int length) {}

    @Override
    public void setChunkedStreamingMode(int length) {}

    @Override
    public void configure(KeyManager[] keys, TrustManager[] trust, SecureRandom random) {}

    @Override
    public void setHostnameVerifier(HostnameVerifier verifier) {}
}
