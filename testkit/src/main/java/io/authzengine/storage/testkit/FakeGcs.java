package io.authzengine.storage.testkit;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;

/**
 * A fake of one bucket of Google Cloud Storage, for tests: the part of its JSON API that lists, reads and writes objects, by their
 * generations, as its official client asks for it. It knows no credentials, and no other bucket than it was made for. Thread-safe.
 */
public final class FakeGcs extends FakeBucket {
    private static final Pattern LIST = Pattern.compile("/storage/v1/b/([^/]+)/o");
    private static final Pattern OBJECT = Pattern.compile("(?:/download)?/storage/v1/b/([^/]+)/o/(.+)");
    private static final Pattern UPLOAD = Pattern.compile("/upload/storage/v1/b/([^/]+)/o");
    private static final Pattern NAME = Pattern.compile("\"name\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final String JSON = "application/json; charset=UTF-8";
    private static final int PAGE = 1000;

    private final String bucket;

    private FakeGcs(String bucket) {
        this.bucket = bucket;
    }

    /** Starts a server with an empty bucket, on a port of its own. */
    public static FakeGcs start(String bucket) {
        FakeGcs fake = new FakeGcs(bucket);
        fake.serve();
        return fake;
    }

    @Override
    public URI url() {
        return origin();
    }

    @Override
    void answer(HttpExchange exchange, int refusal) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        Matcher list = LIST.matcher(path);
        Matcher object = OBJECT.matcher(path);
        Matcher upload = UPLOAD.matcher(path);
        if (refusal != 0) {
            fail(exchange, refusal);
        } else if (list.matches() && isBucket(list)) {
            list(exchange);
        } else if (object.matches() && isBucket(object)) {
            object(exchange, decoded(object.group(2).replace("+", "%2B")));
        } else if (upload.matches() && isBucket(upload)) {
            upload(exchange);
        } else {
            fail(exchange, 404);
        }
    }

    private boolean isBucket(Matcher path) {
        return decoded(path.group(1)).equals(bucket);
    }

    private void list(HttpExchange exchange) throws IOException {
        Map<String, String> query = query(exchange);
        int most = Integer.parseInt(query.getOrDefault("maxResults", "" + PAGE));
        List<String> keys = page(query.getOrDefault("prefix", ""), query.getOrDefault("pageToken", ""), most);
        List<String> items = new ArrayList<>();
        for (String key : keys.subList(0, Math.min(most, keys.size()))) {
            FakeObject object = objects.get(key);
            if (object != null) {
                items.add(resource(key, object));
            }
        }
        String next = keys.size() > most ? ",\"nextPageToken\":" + quoted(keys.get(most)) : "";
        json(exchange, 200, "{\"kind\":\"storage#objects\",\"items\":[" + String.join(",", items) + "]" + next + "}");
    }

    private String resource(String key, FakeObject object) {
        return "{\"kind\":\"storage#object\",\"bucket\":" + quoted(bucket) + ",\"name\":" + quoted(key)
                + ",\"generation\":\"" + object.generation + "\",\"metageneration\":\"1\",\"size\":\""
                + object.bytes.length + "\",\"updated\":\"" + object.modified + "\",\"etag\":\"e" + object.generation
                + "\",\"crc32c\":\"" + crc(object.bytes) + "\"}";
    }

    private void object(HttpExchange exchange, String key) throws IOException {
        Map<String, String> query = query(exchange);
        FakeObject object = objects.get(key);
        String generation = query.get("generation");
        if (object == null || (generation != null && !generation.equals("" + object.generation))) {
            fail(exchange, 404);
        } else if (!query.getOrDefault("ifGenerationMatch", "" + object.generation)
                .equals("" + object.generation)) {
            fail(exchange, 412);
        } else if ("media".equals(query.get("alt"))) {
            exchange.getResponseHeaders().set("X-Goog-Generation", "" + object.generation);
            exchange.getResponseHeaders().set("X-Goog-Hash", "crc32c=" + crc(object.bytes));
            if (!object.encoding.isEmpty()) {
                exchange.getResponseHeaders().set("Content-Encoding", object.encoding);
            }
            send(exchange, 200, "application/octet-stream", object.bytes);
        } else {
            json(exchange, 200, resource(key, object));
        }
    }

    /** Takes an upload of two parts: what the object is called, and what is in it. */
    private void upload(HttpExchange exchange) throws IOException {
        Map<String, String> query = query(exchange);
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        InputStream in = exchange.getRequestBody();
        boolean packed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        byte[] body = (packed ? new GZIPInputStream(in) : in).readAllBytes();
        // One byte is one character, so that places in the text are places in the bytes.
        String text = new String(body, StandardCharsets.ISO_8859_1);
        String boundary = "--"
                + type.substring(type.indexOf("boundary=") + "boundary=".length())
                        .replace("\"", "");
        int second = text.indexOf(boundary, boundary.length());
        Matcher name = NAME.matcher(new String(body, 0, second, StandardCharsets.UTF_8));
        if (!"multipart".equals(query.get("uploadType")) || !name.find()) {
            fail(exchange, 400);
            return;
        }
        int from = text.indexOf("\r\n\r\n", second) + 4;
        int to = text.indexOf("\r\n" + boundary, from);
        String key = name.group(1);
        FakeObject known = objects.get(key);
        String expected = query.get("ifGenerationMatch");
        if (expected != null && !expected.equals(known == null ? "0" : "" + known.generation)) {
            fail(exchange, 412);
            return;
        }
        put(key, java.util.Arrays.copyOfRange(body, from, to), "");
        json(exchange, 200, resource(key, java.util.Objects.requireNonNull(objects.get(key))));
    }

    private static String crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        byte[] value = ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
        return Base64.getEncoder().encodeToString(value);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private static void fail(HttpExchange exchange, int status) throws IOException {
        String reason = switch (status) {
            case 401 -> "authError";
            case 403 -> "forbidden";
            case 404 -> "notFound";
            case 412 -> "conditionNotMet";
            case 429 -> "rateLimitExceeded";
            default -> "backendError";
        };
        json(
                exchange,
                status,
                "{\"error\":{\"code\":" + status
                        + ",\"message\":\"fake\",\"errors\":[{\"domain\":\"global\",\"reason\":\"" + reason
                        + "\",\"message\":\"fake\"}]}}");
    }

    private static void json(HttpExchange exchange, int status, String body) throws IOException {
        send(exchange, status, JSON, body.getBytes(StandardCharsets.UTF_8));
    }
}
