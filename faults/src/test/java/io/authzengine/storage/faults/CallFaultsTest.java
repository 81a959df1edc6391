package io.authzengine.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.StorageTimeoutException;
import io.authzengine.storage.faults.decision.DecisionFile;
import io.authzengine.storage.faults.decision.DecisionLog;
import io.authzengine.storage.faults.decision.FaultDecision;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows S3-19 to S3-22, and what each field does to a call. */
class CallFaultsTest {
    private static final long MILLI = 1_000_000;

    /** Something to be called. */
    interface Service extends AutoCloseable {
        @Fault
        String byScope();

        @Fault("slow")
        String byName();

        String plain() throws IOException;

        byte[] echo(byte[] payload);

        CompletionStage<String> later();

        @Override
        void close();
    }

    /** Answers. */
    static class Answering implements Service {
        final List<String> calls = new ArrayList<>();
        Duration work = Duration.ZERO;
        final World world;

        Answering(World world) {
            this.world = world;
        }

        @Override
        public String byScope() {
            return call("byScope");
        }

        @Override
        public String byName() {
            return call("byName");
        }

        @Override
        public String plain() {
            return call("plain");
        }

        @Override
        public byte[] echo(byte[] payload) {
            call("echo");
            return payload;
        }

        @Override
        public CompletionStage<String> later() {
            return CompletableFuture.completedFuture(call("later"));
        }

        private String call(String name) {
            calls.add(name);
            world.sim.advance(work);
            return "ok";
        }

        @Override
        public void close() {
            calls.add("close");
        }

        @Override
        public String toString() {
            return "answering";
        }
    }

    /** Answers slowly. */
    @Fault("slow")
    static class Annotated extends Answering {
        Annotated(World world) {
            super(world);
        }
    }

    private final World world = new World();
    private final Answering target = new Answering(world);

    private Service named(Map<String, ?> fields) {
        world.with("test", fields);
        return world.faults.bind(Service.class, target, FaultBinding.named("test"));
    }

    @Nested
    class Binding {
        @Test
        void s3_19_aNameIsLookedUpAtEachCall() {
            world.with("slow", Map.of("latency", "5ms"));
            Service service = world.faults.bind(Service.class, target);
            service.byName();
            world.with("slow", Map.of("latency", "7ms"));
            service.byName();
            assertThat(world.elapsed()).isEqualTo(Duration.ofMillis(12));
        }

        @Test
        void s3_20_withoutThePolicyTheCallIsMadeAllTheSame() throws IOException {
            FaultRegistry lenient = new FaultRegistry(world.sim::nanoTime, FaultRegistry.Missing.RUNS_CLEAR);
            Service service =
                    Faults.of(world.context, lenient).bind(Service.class, target, FaultBinding.named("nobody"));
            assertThat(service.plain()).isEqualTo("ok");
            Service strict = world.faults.bind(Service.class, target, FaultBinding.named("nobody"));
            assertThatIllegalStateException().isThrownBy(strict::plain);
        }

        @Test
        void s3_21_withoutANameThePolicyOfTheScopeIsTaken() {
            world.with("slow", Map.of("latency", "5ms")).with("slower", Map.of("latency", "9ms"));
            Service service = world.faults.bind(Service.class, target);
            service.byScope();
            assertThat(world.elapsed()).isZero();
            try (FaultContext scope = FaultContext.open(world.registry, "slow")) {
                assertThat(scope).isNotNull();
                service.byScope();
            }
            try (FaultContext scope = FaultContext.open(world.registry, "slower")) {
                assertThat(scope).isNotNull();
                service.byScope();
            }
            assertThat(world.elapsed()).isEqualTo(Duration.ofMillis(14));
        }

        @Test
        void s3_22_aCallThatThrowsLeavesNothingBehind() {
            Service service = named(Map.of("connection_error", Map.of()));
            assertThatThrownBy(service::plain).isInstanceOf(SocketException.class);
            assertThat(FaultContext.current()).isEmpty();
            assertThat(world.sim.pending()).isZero();
            world.registry.unregister("test");
            world.with("test", Map.of());
            assertThat(service.byScope()).isEqualTo("ok");
        }

        @Test
        void methodsWithoutTheAnnotationAndCloseAreLeftAlone() throws IOException {
            world.with("slow", Map.of("connection_error", Map.of()));
            Service service = world.faults.bind(Service.class, target);
            assertThat(service.plain()).isEqualTo("ok");
            named(Map.of("connection_error", Map.of())).close();
            assertThat(target.calls).containsExactly("plain", "close");
        }

        @Test
        void theAnnotationMayStandAtTheClass() {
            world.with("slow", Map.of("latency", "5ms"));
            world.faults.bind(Service.class, new Annotated(world)).echo(new byte[0]);
            assertThat(world.elapsed()).isEqualTo(Duration.ofMillis(5));
        }

        @Test
        void aProxyEqualsItselfAndReadsAsWhatItStandsFor() {
            Service service = named(Map.of());
            assertThat(List.of(service)).contains(service);
            assertThat(service)
                    .isNotEqualTo(target)
                    .hasToString("answering")
                    .hasSameHashCodeAs(List.of(service).get(0));
        }
    }

    @Nested
    class Effects {
        @Test
        void latencyAndJitterAreAddedBeforeTheCall() throws IOException {
            named(Map.of("latency", "50ms", "jitter", "10ms", "seed", 3)).plain();
            assertThat(world.elapsed()).isBetween(Duration.ofMillis(50), Duration.ofMillis(60));
        }

        @Test
        void aLossIsAnIOExceptionAndTheCallIsNotMade() {
            Service service = named(Map.of("packet_loss", "100%"));
            assertThatThrownBy(service::plain)
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessageContaining("test");
            assertThat(target.calls).isEmpty();
        }

        @Test
        void aMethodThatDeclaresNoIOExceptionThrowsAsDriversDo() {
            assertThatThrownBy(() -> named(Map.of("packet_loss", "100%")).byScope())
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining("SD-001")
                    .hasCauseExactlyInstanceOf(IOException.class);
            assertThatThrownBy(() -> named(Map.of("latency", "9ms", "timeout", Map.of("recv", "3ms")))
                            .byScope())
                    .isInstanceOf(StorageTimeoutException.class)
                    .hasMessageContaining("SD-006");
        }

        @Test
        void connectionsBreakInThreeWays() {
            for (Map.Entry<String, Class<?>> kind : Map.<String, Class<?>>of(
                            "reset", SocketException.class,
                            "refused", ConnectException.class,
                            "unreachable", NoRouteToHostException.class)
                    .entrySet()) {
                assertThatThrownBy(named(Map.of("connection_error", Map.of("kind", kind.getKey())))::plain)
                        .isExactlyInstanceOf(kind.getValue());
            }
        }

        @Test
        void burstsLoseSeveralInARow() {
            Service service = named(Map.of("packet_loss", "20%", "burst_loss", "3", "seed", 5));
            StringBuilder run = new StringBuilder();
            for (int i = 0; i < 300; i++) {
                run.append(passes(service) ? '.' : 'x');
            }
            assertThat(run.toString().split("\\.+"))
                    .filteredOn(burst -> !burst.isEmpty())
                    .isNotEmpty()
                    .allMatch(burst -> burst.length() >= 3);
        }

        @Test
        void burstLossAloneLosesNothing() {
            assertThat(passes(named(Map.of("burst_loss", "3")))).isTrue();
        }

        @Test
        void correlatedLossComesInPhases() {
            Service service = named(Map.of(
                    "seed",
                    1,
                    "correlated_loss",
                    Map.of("p_good_to_bad", "5%", "p_bad_to_good", "5%", "loss_good", "0%", "loss_bad", "100%")));
            int changes = 0;
            int lost = 0;
            boolean before = true;
            for (int i = 0; i < 1000; i++) {
                boolean passed = passes(service);
                changes += passed == before ? 0 : 1;
                lost += passed ? 0 : 1;
                before = passed;
            }
            assertThat(lost).isBetween(300, 700);
            assertThat(changes).isBetween(10, 110);
        }

        @Test
        void aCallThatIsNotOverAtItsDeadlineTimesOutThen() {
            Service service = named(Map.of("latency", "3ms", "timeout", Map.of("recv", "10ms")));
            target.work = Duration.ofMillis(50);
            assertThatThrownBy(service::plain)
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("10 ms");
            assertThat(Thread.interrupted()).isFalse();
            target.work = Duration.ofMillis(5);
            assertThat(passes(service)).isTrue();
        }

        @Test
        void anInjectedDelayBeyondTheDeadlineEndsAtTheDeadline() {
            Service service = named(Map.of("latency", "30ms", "timeout", Map.of("recv", "10ms")));
            assertThatThrownBy(service::plain).isInstanceOf(SocketTimeoutException.class);
            assertThat(world.elapsed()).isEqualTo(Duration.ofMillis(10));
            assertThat(target.calls).isEmpty();
        }

        @Test
        void modeAlwaysTimesOutEachCallAtItsDeadline() {
            Service service = named(Map.of("timeout", Map.of("recv", "10ms", "mode", "always")));
            assertThatThrownBy(service::plain).isInstanceOf(SocketTimeoutException.class);
            assertThat(world.elapsed()).isEqualTo(Duration.ofMillis(10));
        }

        @Test
        void aBudgetEndsInThreeWays() {
            Service drop = named(Map.of("session_budget", Map.of("max_ops", 2)));
            assertThat(passes(drop)).isTrue();
            assertThat(passes(drop)).isTrue();
            assertThatThrownBy(drop::plain).isExactlyInstanceOf(IOException.class);
            Service broken = named(
                    Map.of("session_budget", Map.of("max_tx", "3b", "action", "connection_error", "error", "refused")));
            broken.echo(new byte[3]);
            assertThatThrownBy(() -> broken.echo(new byte[1])).hasCauseInstanceOf(ConnectException.class);
            Service late = named(Map.of(
                    "session_budget", Map.of("max_duration", "1s", "action", "timeout", "budget_timeout", "10ms")));
            assertThat(passes(late)).isTrue();
            world.sim.advance(Duration.ofSeconds(1));
            assertThatThrownBy(late::plain).isInstanceOf(SocketTimeoutException.class);
            Service received = named(Map.of("session_budget", Map.of("max_rx", "3b")));
            received.echo(new byte[3]);
            assertThatThrownBy(() -> received.echo(new byte[1])).hasCauseInstanceOf(IOException.class);
        }

        @Test
        void halfOpenConnectionsFailOnceSoMuchHasPassed() {
            Service service = named(Map.of("half_open", Map.of("after", "4b")));
            service.echo(new byte[2]);
            assertThatThrownBy(() -> service.echo(new byte[2])).hasCauseInstanceOf(SocketException.class);
        }

        @Test
        void aRateHoldsBackByTheBytesThatReallyPass() {
            Service service = named(Map.of("uplink", Map.of("rate", "8kbps")));
            for (int i = 0; i < 10; i++) {
                service.echo(new byte[100]);
            }
            assertThat(world.elapsed()).isBetween(Duration.ofMillis(900), Duration.ofMillis(1100));
        }

        @Test
        void payloadsAreChangedUnlessItIsADryRun() {
            Map<String, Object> cut = Map.of("enabled", true, "type", "truncate", "truncate_size", "2b");
            Service service = named(Map.of("payload_mutation", cut));
            assertThat(service.echo("policy".getBytes(StandardCharsets.UTF_8)))
                    .asString()
                    .isEqualTo("po");
            assertThat(service.echo(new byte[2])).hasSize(2);
            Map<String, Object> dry = new java.util.HashMap<>(cut);
            dry.put("dry_run", true);
            assertThat(named(Map.of("payload_mutation", dry)).echo(new byte[6])).hasSize(6);
            assertThat(world.faults.counters().count("mutated")).isGreaterThanOrEqualTo(2);
        }

        @Test
        void onlyTargetsAreConcerned() throws IOException {
            world.with(
                    "test",
                    Map.of(
                            "packet_loss",
                            "100%",
                            "targets",
                            List.of("driver://interface/Service#echo", "tcp://db.example:5432")));
            Service service = world.faults.bind(Service.class, target, FaultBinding.named("test"));
            assertThat(service.plain()).isEqualTo("ok");
            assertThatThrownBy(() -> service.echo(new byte[0])).isInstanceOf(ConnectionFailedException.class);
            Service there = world.faults.bind(
                    Service.class, target, FaultBinding.named("test").at("DB.example", 5432));
            assertThatThrownBy(there::plain).isInstanceOf(IOException.class);
            Service elsewhere = world.faults.bind(
                    Service.class, target, FaultBinding.named("test").at("db.example", 5433));
            assertThat(elsewhere.plain()).isEqualTo("ok");
        }

        @Test
        void schedulesTurnPoliciesOnAndOff() {
            Service flapping = named(
                    Map.of("packet_loss", "100%", "schedule", Map.of("kind", "flapping", "on", "1s", "off", "2s")));
            StringBuilder run = new StringBuilder();
            for (int i = 0; i < 7; i++) {
                run.append(passes(flapping) ? '.' : 'x');
                world.sim.advance(Duration.ofSeconds(1));
            }
            assertThat(run).hasToString("x..x..x");
        }

        @Test
        void aRampGrowsWithItsClock() {
            Service ramp = named(Map.of("latency", "100ms", "schedule", Map.of("kind", "ramp", "ramp", "10s")));
            world.sim.advance(Duration.ofSeconds(5));
            long before = world.sim.nanoTime();
            passes(ramp);
            assertThat(world.sim.nanoTime() - before).isEqualTo(50 * MILLI);
        }

        @Test
        void stagesThatAreInterruptedSaySo() {
            Service service = named(Map.of("latency", "1s"));
            Thread.currentThread().interrupt();
            assertThatThrownBy(service::plain).isInstanceOf(java.io.InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }

        private boolean passes(Service service) {
            try {
                service.plain();
                return true;
            } catch (IOException e) {
                return false;
            }
        }
    }

    @Nested
    class Stages {
        @Test
        void s3_26_aStageIsLateOrFailsWithoutTheCallerWaiting() {
            CompletableFuture<String> late =
                    named(Map.of("latency", "5ms")).later().toCompletableFuture();
            assertThat(late).isNotDone();
            world.sim.advance(Duration.ofMillis(5));
            assertThat(late).isCompletedWithValue("ok");
            CompletableFuture<String> lost =
                    named(Map.of("packet_loss", "100%")).later().toCompletableFuture();
            assertThat(lost).isCompletedExceptionally();
            CompletableFuture<String> slow = named(Map.of("latency", "50ms", "timeout", Map.of("recv", "10ms")))
                    .later()
                    .toCompletableFuture();
            world.sim.advance(Duration.ofMillis(10));
            assertThat(slow).isCompletedExceptionally();
        }
    }

    @Nested
    class Determinism {
        @TempDir
        private Path directory;

        private List<Boolean> run(World in) {
            in.with("test", Map.of("packet_loss", "30%", "jitter", "9ms"));
            Service service = in.faults.bind(Service.class, new Answering(in), FaultBinding.named("test"));
            List<Boolean> passed = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                try {
                    service.plain();
                    passed.add(true);
                } catch (IOException e) {
                    passed.add(false);
                }
            }
            return passed;
        }

        @Test
        void s3_13_theSameSeedGivesTheSameRun() {
            World one = new World(11, DecisionLog.recording());
            World two = new World(11, DecisionLog.recording());
            World other = new World(0, DecisionLog.recording());
            assertThat(run(one)).isEqualTo(run(two)).isNotEqualTo(run(other));
            assertThat(one.log.decisions()).isEqualTo(two.log.decisions());
            assertThat(one.elapsed()).isEqualTo(two.elapsed());
        }

        @Test
        void aRunThatWasRecordedIsReplayedWhateverTheSeed() throws IOException {
            World recorded = new World(11, DecisionLog.recording());
            List<Boolean> outcome = run(recorded);
            Path file = directory.resolve("run.jsonl.gz");
            DecisionFile.write(file, recorded.log.decisions());
            List<FaultDecision> read = DecisionFile.read(file);
            assertThat(read).isEqualTo(recorded.log.decisions()).hasSize(100);
            World replayed = new World(99, DecisionLog.replaying(read));
            assertThat(run(replayed)).isEqualTo(outcome);
            assertThat(replayed.log.left()).isEmpty();
            assertThat(replayed.log.last(2)).isEqualTo(read.subList(98, 100));
        }

        @Test
        void aReplayThatDivergesFailsForGood() {
            World replayed = new World(1, DecisionLog.replaying(List.of()));
            replayed.with("test", Map.of("latency", "1ms"));
            Service service = replayed.faults.bind(Service.class, target, FaultBinding.named("test"));
            assertThatIllegalStateException().isThrownBy(service::plain).withMessageContaining("call:Service.plain");
            assertThatIllegalStateException().isThrownBy(service::byScope).withMessageContaining("call:Service.plain");
        }

        @Test
        void aFileThatIsNoLogIsRefused() throws IOException {
            Path file = Files.writeString(directory.resolve("x"), "not compressed");
            assertThatThrownBy(() -> DecisionFile.read(file)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aPolicyThatCallsCannotDoIsRefusedWhenItIsBound() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> world.faults.bind(
                        Service.class,
                        target,
                        FaultBinding.of(io.authzengine.storage.faults.format.FaultFields.parse(
                                "", Map.of("latency", "1ms", "targets", List.of(Map.of("sni", "a.b")))))));
    }
}
