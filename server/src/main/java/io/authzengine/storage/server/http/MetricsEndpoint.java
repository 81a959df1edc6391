package io.authzengine.storage.server.http;

import io.authzengine.storage.PolicyStore;
import io.authzengine.storage.metrics.StoreMetrics;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.IntSupplier;

/** Answers {@code GET /metrics} in the text format of Prometheus, or in that of OpenMetrics to whoever accepts it. */
final class MetricsEndpoint implements Handler, AutoCloseable {
    private static final String OPEN_METRICS = "application/openmetrics-text";
    private static final String OPEN_METRICS_TYPE = OPEN_METRICS + "; version=1.0.0; charset=utf-8";
    private static final String PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final StoreMetrics metrics;

    MetricsEndpoint(PolicyStore store, IntSupplier streamReaders) {
        metrics = new StoreMetrics(store);
        metrics.bindTo(registry);
        Gauge.builder("authz.policyd.stream.readers", streamReaders::getAsInt)
                .description("Who reads the event stream at present")
                .strongReference(true)
                .register(registry);
        Gauge.builder("authz.policyd.build.info", () -> 1)
                .description("Always 1; what runs is in the labels")
                .tags(Tags.of(
                        "version",
                        BuildInfo.version(),
                        "java",
                        Runtime.version().toString()))
                .strongReference(true)
                .register(registry);
    }

    @Override
    public void handle(Context context) {
        String accept = context.header("Accept");
        String type = accept != null && accept.contains(OPEN_METRICS) ? OPEN_METRICS_TYPE : PROMETHEUS_TYPE;
        context.contentType(type).result(registry.scrape(type));
    }

    @Override
    public void close() {
        metrics.close();
        registry.close();
    }
}
