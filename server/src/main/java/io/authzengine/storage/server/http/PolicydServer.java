package io.authzengine.storage.server.http;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.driver.StorageContext;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.util.JavalinException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running HTTP interface of a store. Thread-safe. */
public final class PolicydServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PolicydServer.class);
    private static final int MAX_THREADS = 64;
    private static final int MIN_THREADS = 4;
    private static final long STOP_MILLIS = 5_000;
    private static final long LAST_IDLE_MILLIS = 100;
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final Javalin javalin;
    private final ChangeStream stream;
    private final InetSocketAddress bound;

    private PolicydServer(Javalin javalin, ChangeStream stream, InetSocketAddress bound) {
        this.javalin = javalin;
        this.stream = stream;
        this.bound = bound;
    }

    /**
     * Listens. The store need not have been started: until it serves a first version, {@code /health/ready} says so.
     *
     * @param context where the threads of the event stream come from
     * @throws io.javalin.util.JavalinBindException if the address is taken
     */
    public static PolicydServer start(ServerSettings settings, PolicyStore store, StorageContext context) {
        return start(settings, store, context, HEARTBEAT);
    }

    static PolicydServer start(ServerSettings settings, PolicyStore store, StorageContext context, Duration heartbeat) {
        ChangeStream stream = new ChangeStream(store, context, heartbeat);
        try {
            Javalin javalin = Javalin.create(config -> configure(config, settings, store, context, stream));
            javalin.start();
            return new PolicydServer(
                    javalin, stream, new InetSocketAddress(settings.address().getAddress(), javalin.port()));
        } catch (RuntimeException e) {
            stream.close();
            throw e;
        }
    }

    private static void configure(
            JavalinConfig config,
            ServerSettings settings,
            PolicyStore store,
            StorageContext context,
            ChangeStream stream) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = false;
        config.http.prefer405over404 = true;
        configureJetty(config, settings);
        config.routes.before(new RequestGuard(settings));
        config.routes.get("/", new DashboardPage());
        new HealthEndpoints(store).register(config.routes);
        config.routes.get("/api/policies/stream", stream::open); // Before the ids, which may be anything.
        config.routes.get("/api/bundle", new BundleEndpoint(store));
        new PolicyEndpoints(store).register(config.routes);
        new HookEndpoint(settings.hooks(), store, context).register(config.routes);
        Problems.register(config.routes);
    }

    private static void configureJetty(JavalinConfig config, ServerSettings settings) {
        config.jetty.addConnector((server, http) -> connector(server, http, settings.address()));
        config.jetty.threadPool = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
        config.jetty.modifyServer(server -> {
            server.setErrorHandler(new TransportProblems());
            server.setStopTimeout(STOP_MILLIS);
        });
        config.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            // Ids hold slashes, and most clients encode them.
            http.setUriCompliance(UriCompliance.from(Set.of(
                    UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
                    UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING)));
        });
        config.jetty.modifyServletContextHandler(handler -> {
            handler.getServletHandler().setDecodeAmbiguousURIs(true);
            handler.setErrorHandler(new TransportProblems());
        });
    }

    private static Connector connector(Server server, HttpConfiguration http, InetSocketAddress address) {
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(address.getAddress().getHostAddress());
        connector.setPort(address.getPort());
        connector.setShutdownIdleTimeout(LAST_IDLE_MILLIS);
        return connector;
    }

    /** Returns the address it listens on, with the real port. */
    public InetSocketAddress address() {
        return bound;
    }

    /** Returns the address as a URL without a path. */
    public String url() {
        String host = bound.getAddress().getHostAddress();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + bound.getPort();
    }

    /** Returns the streams. */
    ChangeStream stream() {
        return stream;
    }

    /** Ends all streams, and then listening. Requests under way have a moment to finish. Idempotent. */
    @Override
    public void close() {
        stream.close();
        try {
            javalin.stop();
        } catch (JavalinException e) {
            LOG.warn("Requests that were under way at the end were cut off", e);
        }
    }
}
