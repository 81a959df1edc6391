package io.authzengine.storage.testkit;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A fake of one container of Azure Blob Storage, for tests: the part of its REST API that lists, reads and writes block blobs, with
 * conditions on their entity tags, as its official client asks for it. It knows no credentials, and no other container than it was made
 * for. Thread-safe.
 */
public final class FakeAzure extends FakeBucket {
    /** The account it is for, which stands in the path as with Azure's own emulator. */
    public static final String ACCOUNT = "devstoreaccount1";

    private static final String XML = "application/xml";
    private static final int PAGE = 5000;
    private static final DateTimeFormatter DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    private final String container;

    private FakeAzure(String container) {
        this.container = container;
    }

    /** Starts a server with an empty container, on a port of its own. */
    public static FakeAzure start(String container) {
        FakeAzure fake = new FakeAzure(container);
        fake.serve();
        return fake;
    }

    /** Returns the endpoint of the account. */
    @Override
    public URI url() {
        return origin().resolve("/" + ACCOUNT);
    }

    @Override
    void answer(HttpExchange exchange, int refusal) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        String home = "/" + ACCOUNT + "/" + container;
        Map<String, String> query = query(exchange);
        if (refusal != 0) {
            fail(exchange, refusal);
        } else if (path.equals(home) && "list".equals(query.get("comp"))) {
            list(exchange, query);
        } else if (path.startsWith(home + "/")) {
            object(exchange, decoded(path.substring(home.length() + 1).replace("+", "%2B")));
        } else {
            fail(exchange, 404, "ContainerNotFound");
        }
    }

    private void list(HttpExchange exchange, Map<String, String> query) throws IOException {
        int most = Integer.parseInt(query.getOrDefault("maxresults", "" + PAGE));
        var keys = page(query.getOrDefault("prefix", ""), query.getOrDefault("marker", ""), most);
        StringBuilder xml = new StringBuilder(
                        "<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults ServiceEndpoint=\"")
                .append(url())
                .append("/\" ContainerName=\"")
                .append(container)
                .append("\"><Blobs>");
        for (String key : keys.subList(0, Math.min(most, keys.size()))) {
            FakeObject object = objects.get(key);
            if (object != null) {
                xml.append("<Blob><Name>").append(escaped(key)).append("</Name><Properties><Last-Modified>");
                xml.append(DATE.format(object.modified))
                        .append("</Last-Modified><Etag>")
                        .append(tag(object));
                xml.append("</Etag><Content-Length>").append(object.bytes.length);
                xml.append("</Content-Length><BlobType>BlockBlob</BlobType></Properties></Blob>");
            }
        }
        String next = keys.size() > most ? escaped(keys.get(most)) : "";
        xml.append("</Blobs><NextMarker>").append(next).append("</NextMarker></EnumerationResults>");
        send(exchange, 200, XML, xml.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void object(HttpExchange exchange, String key) throws IOException {
        Optional<FakeObject> object = Optional.ofNullable(objects.get(key));
        boolean writes = exchange.getRequestMethod().equals("PUT");
        String expected = header(exchange, "If-Match");
        if (writes && "*".equals(header(exchange, "If-None-Match")) && object.isPresent()) {
            fail(exchange, 409, "BlobAlreadyExists");
        } else if (expected != null
                && !expected.replace("\"", "").equals(object.map(FakeAzure::tag).orElse(""))) {
            fail(exchange, object.isPresent() || writes ? 412 : 404);
        } else if (writes) {
            write(exchange, key);
        } else if (object.isPresent()) {
            read(exchange, object.get());
        } else {
            fail(exchange, 404);
        }
    }

    private void write(HttpExchange exchange, String key) throws IOException {
        String encoding = header(exchange, "x-ms-blob-content-encoding");
        put(key, exchange.getRequestBody().readAllBytes(), encoding == null ? "" : encoding);
        describe(exchange, java.util.Objects.requireNonNull(objects.get(key)));
        send(exchange, 201, XML, new byte[0]);
    }

    private static void read(HttpExchange exchange, FakeObject object) throws IOException {
        describe(exchange, object);
        exchange.getResponseHeaders().set("x-ms-blob-type", "BlockBlob");
        if (!object.encoding.isEmpty()) {
            exchange.getResponseHeaders().set("Content-Encoding", object.encoding);
        }
        send(exchange, 200, "application/octet-stream", object.bytes);
    }

    private static void describe(HttpExchange exchange, FakeObject object) {
        exchange.getResponseHeaders().set("ETag", "\"" + tag(object) + "\"");
        exchange.getResponseHeaders().set("Last-Modified", DATE.format(object.modified));
        exchange.getResponseHeaders().set("x-ms-request-server-encrypted", "true");
    }

    private static String tag(FakeObject object) {
        return "0x" + Long.toHexString(object.generation).toUpperCase(java.util.Locale.ROOT);
    }

    private static @Nullable String header(HttpExchange exchange, String name) {
        return exchange.getRequestHeaders().getFirst(name);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static void fail(HttpExchange exchange, int status) throws IOException {
        String code = switch (status) {
            case 401, 403 -> "AuthenticationFailed";
            case 404 -> "BlobNotFound";
            case 412 -> "ConditionNotMet";
            case 503 -> "ServerBusy";
            default -> "InternalError";
        };
        fail(exchange, status, code);
    }

    private static void fail(HttpExchange exchange, int status, String code) throws IOException {
        exchange.getResponseHeaders().set("x-ms-error-code", code);
        String xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>" + code
                + "</Code><Message>fake</Message></Error>";
        send(exchange, status, XML, xml.getBytes(StandardCharsets.UTF_8));
    }
}
