package io.authzengine.storage.server;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.faults.FaultBinding;
import io.authzengine.storage.faults.FaultRegistry;
import io.authzengine.storage.faults.Faults;
import io.authzengine.storage.faults.decision.DecisionFile;
import io.authzengine.storage.faults.decision.DecisionLog;
import io.authzengine.storage.faults.proxy.ProxyRoute;
import io.authzengine.storage.faults.proxy.TcpFaultProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a TCP proxy that treats connections as a fault policy says. */
@Command(
        name = "proxy",
        description = {
            "Listens on this machine and passes connections on to a backend, as a fault policy says, until Ctrl-C.",
            "The policy file is read again when it changes; one that will not do is told, and the last good one stays in force."
        },
        footer = {
            "  policyd faults proxy --listen 127.0.0.1:9432 --upstream db.internal:5432 --policy faults.yaml",
            "  policyd faults proxy --upstream 127.0.0.1:9000 --policy faults.yaml --name slow_link --seed 7 --record run.jsonl.gz",
            "  policyd faults proxy --upstream 127.0.0.1:9000 --policy faults.yaml --name slow_link --replay run.jsonl.gz"
        })
final class FaultsProxyCommand implements Callable<Integer> {
    private static final int LAST_DECISIONS = 5;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where to listen; port 0 takes any that is free. Default: 127.0.0.1:0.")
    private String listen = "127.0.0.1:0";

    @Option(names = "--upstream", paramLabel = "HOST:PORT", required = true, description = "The backend.")
    private String upstream = "";

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            required = true,
            description = "Fault policies by name, in YAML or JSON.")
    private Path policy = Path.of("");

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Which policy of the file; not needed if there is but one.")
    private @Nullable String name;

    @Option(names = "--seed", paramLabel = "N", description = "Decides what is random, where the policy gives no seed.")
    private @Nullable Long seed;

    @Option(names = "--record", paramLabel = "FILE", description = "Writes all decisions there at the end.")
    private @Nullable Path record;

    @Option(names = "--replay", paramLabel = "FILE", description = "Decides as it was recorded there.")
    private @Nullable Path replay;

    @Override
    public Integer call() {
        try (StorageContext context = StorageContext.create("policyd")) {
            FaultRegistry registry = new FaultRegistry(context.ticker(), FaultRegistry.Missing.THROWS);
            PolicyFile file = PolicyFile.load(registry, policy, Optional.ofNullable(name));
            DecisionLog log = log();
            long drawn = seed == null ? context.random().nextLong() : seed;
            Faults faults = Faults.of(context, registry, drawn, log);
            try (TcpFaultProxy proxy = start(faults, file)) {
                run(proxy, file, context, log);
            }
            if (record != null) {
                DecisionFile.write(record, log.decisions());
            }
            return ExitCode.OK;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DecisionLog log() throws IOException {
        if (replay != null) {
            return DecisionLog.replaying(DecisionFile.read(replay));
        }
        return record == null ? DecisionLog.latest(LAST_DECISIONS) : DecisionLog.recording();
    }

    private TcpFaultProxy start(Faults faults, PolicyFile file) throws IOException {
        InetSocketAddress to = HostPort.parse("--upstream", upstream);
        InetSocketAddress from = HostPort.parse("--listen", listen);
        ProxyRoute route = new ProxyRoute(
                new InetSocketAddress(from.getHostString(), from.getPort()), to.getHostString(), to.getPort());
        try {
            return TcpFaultProxy.start(faults, route, FaultBinding.named(file.name()));
        } catch (BindException e) {
            throw new IllegalArgumentException(
                    "cannot listen on " + listen
                            + ": the address is in use, or not ours to take; choose another with --listen HOST:PORT",
                    e);
        }
    }

    private void run(TcpFaultProxy proxy, PolicyFile file, StorageContext context, DecisionLog log) {
        ProxyView view = new ProxyView(proxy, log, spec.commandLine().getOut());
        view.begin(upstream, file.name());
        ScheduledFuture<?> ticking = context.scheduler()
                .scheduleWithFixedDelay(
                        () -> {
                            file.reloadIfChanged(spec.commandLine().getErr());
                            view.redraw();
                        },
                        1,
                        1,
                        TimeUnit.SECONDS);
        try {
            Lifetime.begin(proxy::close).untilTold();
        } finally {
            ticking.cancel(false);
            view.end();
        }
    }
}
