package io.authzengine.storage.driver.database;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.faults.FaultBinding;
import io.authzengine.storage.faults.FaultRegistry;
import io.authzengine.storage.faults.Faults;
import io.authzengine.storage.faults.format.FaultFields;
import io.authzengine.storage.faults.policy.FaultPolicy;
import io.authzengine.storage.faults.proxy.ProxyRoute;
import io.authzengine.storage.faults.proxy.TcpFaultProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;

/** A way to a server that can die without a word: no byte passes any more, and nobody is told. */
final class LineToServer implements AutoCloseable {
    private static final FaultPolicy DEAD =
            FaultFields.parse("dead line", Map.of("half_open", Map.of("after", "1b", "mode", "stall")));

    private final StorageContext context = StorageContext.create("line");
    private final Tables tables;
    private final TcpFaultProxy proxy;

    LineToServer(Tables tables) {
        this.tables = tables;
        try {
            proxy = TcpFaultProxy.start(
                    Faults.of(context, new FaultRegistry(context.ticker(), FaultRegistry.Missing.THROWS)),
                    ProxyRoute.to("127.0.0.1", tables.server().port()),
                    FaultBinding.of(FaultPolicy.NONE));
        } catch (IOException e) {
            context.close();
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the configuration of a driver on this line, which does not wait long. */
    DatabaseConfig config() {
        return DatabaseConfig.of(tables.url().replace(":" + tables.server().port() + "/", ":" + proxy.port() + "/"))
                .withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(3));
    }

    /** Lets connections that are there, and new ones, die as soon as anything is said. */
    void die() {
        proxy.apply(DEAD);
    }

    /** Lets new connections live; those that died stay dead. */
    void heal() {
        proxy.clear();
    }

    @Override
    public void close() {
        proxy.close();
        context.close();
    }
}
