package io.authzengine.storage.driver.git.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;
import org.jspecify.annotations.Nullable;

/** Serves one repository over smart HTTP, for fetching and pushing, with faults at will. Thread-safe. */
public final class GitHttpServer implements AutoCloseable {
    private static final int THREADS = 8;

    static {
        // Without it each answer waits 40 ms for the acknowledgement of its header.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private volatile Repository repository;
    private final @Nullable SSLContext tls;
    private final ThreadPoolExecutor threads = (ThreadPoolExecutor) Executors.newFixedThreadPool(THREADS);
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();
    private volatile Optional<String> credentials = Optional.empty();
    private volatile int status;
    private volatile long cutAfter = Long.MAX_VALUE;
    private volatile boolean dying;
    private volatile String redirect = "";
    private volatile boolean silent;
    private volatile String lastAuthorization = "";
    private volatile @Nullable HttpServer server;
    private volatile int port;

    private GitHttpServer(Repository repository, @Nullable SSLContext tls) {
        this.repository = repository;
        this.tls = tls;
        threads.prestartAllCoreThreads(); // So that none appears in the middle of a test that counts them.
    }

    /** Serves another repository from now on, without faults. */
    public void serve(Repository other) {
        repository = other;
        credentials = Optional.empty();
        status = 0;
        cutAfter = Long.MAX_VALUE;
        dying = false;
        redirect = "";
        silent = false;
    }

    /** Serves {@code repository} on any free port of the loopback interface. */
    public static GitHttpServer start(Repository repository) throws IOException {
        GitHttpServer server = new GitHttpServer(repository, null);
        server.up();
        return server;
    }

    /** Serves {@code repository} over TLS. */
    public static GitHttpServer start(Repository repository, SSLContext tls) throws IOException {
        GitHttpServer server = new GitHttpServer(repository, tls);
        server.up();
        return server;
    }

    /** Listens again on the same port. */
    public void up() throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        HttpServer started;
        if (tls == null) {
            started = HttpServer.create(address, 0);
        } else {
            HttpsServer https = HttpsServer.create(address, 0);
            https.setHttpsConfigurator(new HttpsConfigurator(tls));
            started = https;
        }
        started.setExecutor(threads);
        started.createContext("/", this::handle);
        started.start();
        port = started.getAddress().getPort();
        server = started;
    }

    /** Stops listening and cuts all connections. */
    public void down() {
        HttpServer running = server;
        if (running != null) {
            running.stop(0);
            server = null;
        }
    }

    /** Returns the repository's URL. */
    public String url() {
        return (tls == null ? "http" : "https") + "://localhost:" + port + "/org/policies.git";
    }

    /** Wants these credentials from now on. */
    public void require(String user, String password) {
        credentials = Optional.of("Basic "
                + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)));
    }

    /** Answers everything with {@code code}, 0 for as usual. */
    public void answer(int code) {
        status = code;
    }

    /** Cuts each answer off after so many bytes. */
    public void cutAfter(long bytes) {
        cutAfter = bytes;
    }

    /** Stops like {@link #down} in the middle of the first answer that is longer than so many bytes. */
    public void dieAfter(long bytes) {
        dying = true;
        cutAfter = bytes;
    }

    /** Redirects everything to the same path below {@code base}; empty for no more. */
    public void redirectTo(String base) {
        redirect = base;
    }

    /** Takes requests and answers none. */
    public void silent(boolean on) {
        silent = on;
    }

    /** Returns how many requests have come. */
    public int requests() {
        return requests.get();
    }

    /** Returns how many bytes of answers were sent. */
    public long sent() {
        return sent.get();
    }

    /** Returns the credentials of the last request, empty if it had none. */
    public String lastAuthorization() {
        return lastAuthorization;
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        lastAuthorization = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("");
        try (exchange) {
            if (silent) {
                awaitSound();
            } else if (!redirect.isEmpty()) {
                exchange.getResponseHeaders().set("Location", redirect + exchange.getRequestURI());
                exchange.sendResponseHeaders(302, -1);
            } else if (status != 0) {
                exchange.sendResponseHeaders(status, -1);
            } else if (credentials.isPresent() && !credentials.get().equals(lastAuthorization)) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
                exchange.sendResponseHeaders(401, -1);
            } else {
                serve(exchange);
            }
        }
    }

    private void awaitSound() {
        while (silent && !Thread.currentThread().isInterrupted()) {
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (!path.startsWith("/org/policies.git/")) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        String service =
                path.endsWith("/info/refs") ? query.replace("service=", "") : path.substring(path.lastIndexOf('/') + 1);
        boolean advertise = path.endsWith("/info/refs");
        exchange.getResponseHeaders()
                .set("Content-Type", "application/x-" + service + (advertise ? "-advertisement" : "-result"));
        exchange.getResponseHeaders().set("Cache-Control", "no-cache");
        try (InputStream in = body(exchange)) {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = new Counted(exchange)) {
                if (service.equals("git-upload-pack")) {
                    upload(exchange, in, out, advertise);
                } else {
                    receive(in, out, advertise);
                }
            }
        }
    }

    private static InputStream body(HttpExchange exchange) throws IOException {
        // Read to its end first: JGit skips what is left, and skipping in the JDK's server goes on into the next
        // request.
        InputStream in = new ByteArrayInputStream(exchange.getRequestBody().readAllBytes());
        return "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding")) ? new GZIPInputStream(in) : in;
    }

    private void upload(HttpExchange exchange, InputStream in, OutputStream out, boolean advertise) throws IOException {
        UploadPack pack = new UploadPack(repository);
        try {
            pack.setBiDirectionalPipe(false);
            String protocol = exchange.getRequestHeaders().getFirst("Git-Protocol");
            if (protocol != null) {
                pack.setExtraParameters(List.of(protocol.split(":")));
            }
            if (advertise) {
                pack.sendAdvertisedRefs(new PacketLineOutRefAdvertiser(new PacketLineOut(out)), "git-upload-pack");
            } else {
                pack.upload(in, out, null);
            }
        } finally {
            pack.getRevWalk().close();
        }
    }

    private void receive(InputStream in, OutputStream out, boolean advertise) throws IOException {
        ReceivePack pack = new ReceivePack(repository);
        pack.setBiDirectionalPipe(false);
        pack.setAllowNonFastForwards(true);
        if (advertise) {
            PacketLineOut lines = new PacketLineOut(out);
            lines.writeString("# service=git-receive-pack\n");
            lines.end();
            pack.sendAdvertisedRefs(new PacketLineOutRefAdvertiser(lines));
        } else {
            pack.receive(in, out, null);
        }
    }

    /** Counts what is sent, and breaks off where it is told to. */
    private final class Counted extends FilterOutputStream {
        private final HttpExchange exchange;
        private long written;

        Counted(HttpExchange exchange) {
            super(exchange.getResponseBody());
            this.exchange = exchange;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            long left = cutAfter - written;
            int now = (int) Math.min(length, left);
            out.write(bytes, offset, now);
            written += now;
            sent.addAndGet(now);
            if (now < length) {
                out.flush();
                exchange.close();
                if (dying) {
                    dying = false;
                    cutAfter = Long.MAX_VALUE;
                    down();
                }
                throw new IOException("cut off by the test");
            }
        }
    }

    @Override
    public void close() {
        silent = false;
        down();
        threads.shutdownNow();
    }
}
