package io.authzengine.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.authzengine.storage.faults.decision.ActivePolicy;
import io.authzengine.storage.faults.policy.FaultPolicy;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rows S3-21 to S3-26. */
class FaultContextTest {
    private final long[] now = {0};
    private final FaultRegistry registry = new FaultRegistry(() -> now[0], FaultRegistry.Missing.THROWS);

    FaultContextTest() {
        for (String name : List.of("outer", "middle", "inner")) {
            registry.register(name, FaultPolicy.NONE);
        }
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(FaultContext.current()).isEmpty();
    }

    private static String current() {
        return FaultContext.current().map(ActivePolicy::name).orElse("none");
    }

    @Test
    void s3_23_scopesNestAndLeavingOnePutsTheOneAroundItInForceAgain() {
        try (FaultContext outer = FaultContext.open(registry, "outer")) {
            assertThat(current()).isEqualTo("outer");
            try (FaultContext middle = FaultContext.open(registry, "middle")) {
                assertThat(current()).isEqualTo("middle");
                try (FaultContext inner = FaultContext.open(registry, "inner")) {
                    assertThat(List.of(outer, middle, inner)).doesNotHaveDuplicates();
                    assertThat(current()).isEqualTo("inner");
                }
                assertThat(current()).isEqualTo("middle");
            }
            assertThat(current()).isEqualTo("outer");
        }
        assertThat(current()).isEqualTo("none");
    }

    @Test
    void s3_23_alsoWhenAnExceptionLeavesThem() {
        try (FaultContext outer = FaultContext.open(registry, "outer")) {
            try (FaultContext inner = FaultContext.open(registry, "inner")) {
                assertThat(inner).isNotSameAs(outer);
                throw new IllegalStateException("thrown in the inner scope");
            } catch (IllegalStateException e) {
                assertThat(current()).isEqualTo("outer");
            }
        }
    }

    @Test
    void s3_23_scopesClosedOutOfTurnOrTwiceDoNoHarm() {
        FaultContext outer = FaultContext.open(registry, "outer");
        FaultContext inner = FaultContext.open(registry, "inner");
        outer.close();
        assertThat(current()).isEqualTo("inner");
        inner.close();
        inner.close();
        assertThat(current()).isEqualTo("none");
    }

    @Test
    void s3_24_noWayOfOpeningTakesBothNameAndFields() {
        assertThat(Arrays.stream(FaultContext.class.getMethods())
                        .filter(method -> method.getName().equals("open"))
                        .map(Method::getParameterTypes)
                        .map(Arrays::asList))
                .hasSize(5)
                .noneMatch(types -> types.contains(String.class)
                        && (types.contains(Map.class) || types.contains(FaultPolicy.class)));
    }

    @Test
    void s3_25_inlineFieldsAreInForceAndLeaveTheRegistryAlone() {
        List<String> before = FaultRegistry.shared().list();
        try (FaultContext scope = FaultContext.open(Map.of("latency", "50ms", "packet_loss", "1%"))) {
            assertThat(scope).isNotNull();
            assertThat(FaultContext.current()
                            .orElseThrow()
                            .policy()
                            .link()
                            .packetLoss()
                            .ppm())
                    .isEqualTo(10_000);
            assertThat(FaultRegistry.shared().list()).isEqualTo(before);
        }
        assertThat(FaultRegistry.shared().list()).isEqualTo(before);
        assertThatIllegalArgumentException().isThrownBy(() -> FaultContext.open(Map.of("latency", "soon")));
    }

    @Test
    void aMaskedScopeHidesThoseAroundIt() {
        try (FaultContext outer = FaultContext.open(registry, "outer");
                FaultContext masked = FaultContext.masked()) {
            assertThat(outer).isNotSameAs(masked);
            assertThat(current()).isEqualTo("none");
        }
    }

    @Test
    void namesAreLookedUpAtEachCall() {
        try (FaultContext scope = FaultContext.open(registry, "outer")) {
            assertThat(scope).isNotNull();
            registry.register("outer", Map.of("seed", 5));
            assertThat(FaultContext.current().orElseThrow().policy().seed()).hasValue(5);
        }
    }

    @Test
    void theClockOfAScopeStartsWhenItIsEntered() {
        now[0] = 77;
        try (FaultContext scope = FaultContext.open(registry, "outer")) {
            now[0] = 99;
            assertThat(scope).isNotNull();
            assertThat(FaultContext.current().map(ActivePolicy::since)).isEqualTo(Optional.of(77L));
        }
    }

    @Test
    void s3_26_whatIsInForceGoesAlongToOtherThreadsAndLeavesNothingThere() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            Executor carrying;
            Callable<String> call;
            Runnable run;
            CompletableFuture<String> ran = new CompletableFuture<>();
            try (FaultContext scope = FaultContext.open(registry, "inner")) {
                assertThat(scope).isNotNull();
                carrying = FaultContext.wrap(threads);
                call = FaultContext.wrap(FaultContextTest::current);
                run = FaultContext.wrap(() -> {
                    ran.complete(current());
                });
                assertThat(CompletableFuture.supplyAsync(FaultContextTest::current, carrying)
                                .get())
                        .isEqualTo("inner");
                assertThat(threads.submit(call).get()).isEqualTo("inner");
                threads.submit(run).get();
                assertThat(ran.get()).isEqualTo("inner");
            }
            assertThat(threads.submit(FaultContextTest::current).get()).isEqualTo("none");
            assertThat(CompletableFuture.supplyAsync(FaultContextTest::current, carrying)
                            .get())
                    .isEqualTo("none");
        } finally {
            threads.shutdownNow();
        }
    }
}
