package io.authzengine.storage.server.http;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.driver.StorageContext;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.util.JavalinException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
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
    private static final int ACCEPT_QUEUE = 1_024;
    private static final long STOP_MILLIS = 5_000;
    private static final long LAST_IDLE_MILLIS = 100;
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final Javalin javalin;
    private final ChangeStream stream;
    private final MetricsEndpoint metrics;
    private final InetSocketAddress bound;
    private final boolean encrypted;

    private PolicydServer(
            Javalin javalin, ChangeStream stream, MetricsEndpoint metrics, InetSocketAddress bound, boolean encrypted) {
        this.javalin = javalin;
        this.stream = stream;
        this.metrics = metrics;
        this.bound = bound;
        this.encrypted = encrypted;
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
        MetricsEndpoint metrics = new MetricsEndpoint(store, stream::readers);
        try {
            Javalin javalin = Javalin.create(config -> {
                configure(config, settings);
                route(config.routes, settings, store, context, stream, metrics);
            });
            javalin.start();
            InetSocketAddress bound = new InetSocketAddress(settings.address().getAddress(), javalin.port());
            return new PolicydServer(
                    javalin, stream, metrics, bound, settings.access().tls().isPresent());
        } catch (RuntimeException e) {
            stream.close();
            metrics.close();
            throw e;
        }
    }

    private static void configure(JavalinConfig config, ServerSettings settings) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = false;
        config.http.prefer405over404 = true;
        configureJetty(config, settings);
    }

    private static void route(
            RoutesConfig routes,
            ServerSettings settings,
            PolicyStore store,
            StorageContext context,
            ChangeStream stream,
            MetricsEndpoint metrics) {
        routes.before(new RequestGuard(settings, context.ticker()));
        routes.get("/", new DashboardPage());
        routes.get("/openapi.json", new OpenApiDocument());
        routes.get("/metrics", metrics);
        new HealthEndpoints(store).register(routes);
        new StatusEndpoints(store, context.clock().instant(), stream::readers).register(routes);
        routes.get("/api/policies/stream", stream::open); // Before the ids, which may be anything.
        routes.get("/api/bundle", new BundleEndpoint(store));
        new PolicyEndpoints(store).register(routes);
        new VersionEndpoints(store).register(routes);
        new ChangeEndpoints(store, context.ticker()).register(routes);
        new HookEndpoint(settings.hooks(), store, context).register(routes);
        Problems.register(routes);
    }

    private static void configureJetty(JavalinConfig config, ServerSettings settings) {
        config.jetty.addConnector((server, http) -> connector(server, http, settings));
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

    private static Connector connector(Server server, HttpConfiguration http, ServerSettings settings) {
        ServerConnector connector = settings.access()
                .tls()
                .map(tls -> encrypted(server, http, tls))
                .orElseGet(() -> new ServerConnector(server, 1, 1, new HttpConnectionFactory(http)));
        connector.setHost(settings.address().getAddress().getHostAddress());
        connector.setPort(settings.address().getPort());
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.setShutdownIdleTimeout(LAST_IDLE_MILLIS);
        return connector;
    }

    private static ServerConnector encrypted(Server server, HttpConfiguration http, TlsSettings tls) {
        HttpConfiguration secure = new HttpConfiguration(http);
        secure.addCustomizer(new SecureRequestCustomizer(false));
        return new ServerConnector(
                server,
                1,
                1,
                AbstractConnectionFactory.getFactories(tls.contextFactory(), new HttpConnectionFactory(secure)));
    }

    /** Returns the address it listens on, with the real port. */
    public InetSocketAddress address() {
        return bound;
    }

    /** Returns the address as a URL without a path. */
    public String url() {
        String host = bound.getAddress().getHostAddress();
        return (encrypted ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + bound.getPort();
    }

    /** Returns the streams. */
    ChangeStream stream() {
        return stream;
    }

    /** Returns what it answers, as {@code METHOD PATH}. */
    Set<String> routes() {
        return javalin.unsafe.internalRouter.allHttpHandlers().stream()
                .map(parsed -> parsed.endpoint)
                .filter(endpoint -> endpoint.method.isHttpMethod())
                .map(endpoint -> endpoint.method + " " + endpoint.path)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Ends all streams, and then listening. Requests under way have a moment to finish. Idempotent. */
    @Override
    public void close() {
        stream.close();
        metrics.close();
        try {
            javalin.stop();
        } catch (JavalinException e) {
            LOG.warn("Requests that were under way at the end were cut off", e);
        }
    }
}
