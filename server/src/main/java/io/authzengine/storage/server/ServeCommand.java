package io.authzengine.storage.server;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.config.StorageConfig;
import io.authzengine.storage.driver.DriverConfig;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.server.http.PolicydServer;
import io.authzengine.storage.server.http.ServerSettings;
import io.javalin.util.JavalinBindException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Serves policies over HTTP. */
@Command(
        name = "serve",
        description = {
            "Serves policies over HTTP and keeps them current.",
            "It listens while it loads: /health/live answers at once, /health/ready once a first version is served.",
            "SIGHUP lets it look at its sources at once; SIGTERM ends it, after requests under way were answered.",
            "In the configuration: server.listen is the address; one that other machines reach needs server.tokens or server.tls.clients."
        },
        footer = {
            "  policyd serve examples/quickstart/storage.yaml",
            "  policyd serve storage.yaml --listen 127.0.0.1:0",
            "  curl http://127.0.0.1:8181/api/policies",
            "  curl -N http://127.0.0.1:8181/api/policies/stream"
        })
final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "CONFIG", description = "The configuration, such as storage.yaml.")
    private Path config = Path.of("");

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description =
                    "Where to listen; port 0 takes any that is free. Default: " + ServerSettings.DEFAULT_LISTEN + ".")
    private @Nullable String listen;

    @Option(
            names = "--exit-when-ready",
            description = "Ends as soon as a first version is served: to try out a configuration.")
    private boolean exitWhenReady;

    @Override
    public Integer call() {
        StorageConfig storage = StorageConfig.load(config, this::checkServer);
        try (StorageContext context = StorageContext.create("policyd")) {
            ServerSettings settings = serverSettings(storage, context);
            AuditLog audit = new AuditLog(settings.auditLog());
            try (PolicyStore store = StoreStart.build(storage, context, audit)) {
                return serve(storage, settings, store, context);
            }
        }
    }

    /** What {@code --listen} replaces need not be reachable from here, but nobody should have to guess what it says. */
    private void checkServer(DriverConfig block) {
        if (listen == null) {
            ServerSettings.read(Optional.of(block), Optional.empty());
        } else {
            ServerSettings.check(block);
        }
    }

    private ServerSettings serverSettings(StorageConfig storage, StorageContext context) {
        try {
            return ServerSettings.read(storage.server(), Optional.ofNullable(listen));
        } catch (IllegalArgumentException e) {
            try (StorageDriver driver = storage.openDriver(context)) {
                // Tried so that nobody has to mend the file twice.
                LOG.debug("The settings of {} are in order", driver.id());
            } catch (IllegalArgumentException further) {
                e.addSuppressed(further);
            }
            throw e;
        }
    }

    /** Both starts take long enough to be made side by side. */
    private int serve(StorageConfig storage, ServerSettings settings, PolicyStore store, StorageContext context) {
        CompletableFuture<Boolean> started = CompletableFuture.supplyAsync(
                () -> StoreStart.run(store, storage, context, spec.commandLine().getErr()), context.workers());
        // Whoever reads that it is ready may send signals, so these are heard of before.
        try (PolicydServer server = listen(settings, store, context);
                Lifetime lifetime = Lifetime.begin(server::close, store::close)) {
            Hangup.reloads(store, context.workers());
            return serve(started, store, server, lifetime, context);
        }
    }

    private int serve(
            CompletableFuture<Boolean> started,
            PolicyStore store,
            PolicydServer server,
            Lifetime lifetime,
            StorageContext context) {
        try (ReadyLine ready = new ReadyLine(spec.commandLine().getOut(), context.clock(), store, server.url())) {
            if (!outcome(started)) {
                return ExitCode.FINDINGS;
            }
            ready.tell();
            if (exitWhenReady) {
                return store.current().version().isNone() ? ExitCode.BACKEND : ExitCode.OK;
            }
            lifetime.untilTold();
        } catch (RuntimeException e) {
            if (!lifetime.isEnding()) {
                throw e;
            }
            LOG.debug("Told to end while it was starting", e);
        }
        return ExitCode.OK;
    }

    private static PolicydServer listen(ServerSettings settings, PolicyStore store, StorageContext context) {
        try {
            return PolicydServer.start(settings, store, context);
        } catch (JavalinBindException e) {
            throw new IllegalArgumentException(
                    "cannot listen on " + settings.address().getHostString() + ":"
                            + settings.address().getPort()
                            + ": the address is in use, or not ours to take; choose another with --listen HOST:PORT",
                    e);
        }
    }

    private static boolean outcome(CompletableFuture<Boolean> started) {
        try {
            return started.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
