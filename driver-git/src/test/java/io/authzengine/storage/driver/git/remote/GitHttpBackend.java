package io.authzengine.storage.driver.git.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves the repositories below a directory with {@code git http-backend}, as web servers do. Thread-safe. */
public final class GitHttpBackend implements AutoCloseable {
    private static final int OK = 200;

    private final Path root;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    private GitHttpBackend(Path root, HttpServer server) {
        this.root = root;
        this.server = server;
    }

    /** Serves what is below {@code root} on any free port of the loopback interface. */
    public static GitHttpBackend start(Path root) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        GitHttpBackend backend = new GitHttpBackend(root, server);
        server.setExecutor(backend.threads);
        server.createContext("/", backend::handle);
        server.start();
        return backend;
    }

    /** Returns the URL of the repository {@code name}. */
    public String url(String name) {
        return "http://localhost:" + server.getAddress().getPort() + "/" + name;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Process process = begin(exchange, body.length);
            try (OutputStream in = process.getOutputStream()) {
                in.write(body);
            }
            try (InputStream out = new BufferedInputStream(process.getInputStream())) {
                int status = OK;
                for (String line = line(out); !line.isEmpty(); line = line(out)) {
                    String[] field = line.split(": ", 2);
                    if (field[0].equals("Status")) {
                        status = Integer.parseInt(field[1].substring(0, 3));
                    } else {
                        exchange.getResponseHeaders().add(field[0], field[1]);
                    }
                }
                exchange.sendResponseHeaders(status, 0);
                out.transferTo(exchange.getResponseBody());
            }
        }
    }

    private Process begin(HttpExchange exchange, int length) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("git", "http-backend").redirectErrorStream(false);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("GIT_")); // Of a hook, if this is run in one.
        environment.putAll(Map.of(
                "GIT_PROJECT_ROOT", root.toString(),
                "GIT_HTTP_EXPORT_ALL", "1",
                "GIT_CONFIG_GLOBAL", "/dev/null",
                "GIT_CONFIG_NOSYSTEM", "1",
                "PATH_INFO", exchange.getRequestURI().getPath(),
                "QUERY_STRING",
                        Optional.ofNullable(exchange.getRequestURI().getRawQuery())
                                .orElse(""),
                "REQUEST_METHOD", exchange.getRequestMethod(),
                "CONTENT_LENGTH", Integer.toString(length)));
        for (Map.Entry<String, String> header : Map.of(
                        "Content-Type", "CONTENT_TYPE",
                        "Content-Encoding", "HTTP_CONTENT_ENCODING",
                        "Git-Protocol", "GIT_PROTOCOL")
                .entrySet()) {
            String value = exchange.getRequestHeaders().getFirst(header.getKey());
            if (value != null) {
                environment.put(header.getValue(), value);
            }
        }
        return builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
