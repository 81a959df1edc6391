package io.authzengine.storage.faults.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.faults.FaultBinding;
import io.authzengine.storage.faults.FaultRegistry;
import io.authzengine.storage.faults.Faults;
import io.authzengine.storage.faults.HostResolver;
import io.authzengine.storage.faults.decision.DecisionLog;
import io.authzengine.storage.faults.decision.FaultDecision;
import io.authzengine.storage.faults.decision.Outcome;
import io.authzengine.storage.faults.format.FaultFields;
import io.authzengine.storage.faults.policy.FaultPolicy;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the proxy does to real connections, field by field. Times are checked by what was decided, never by how long it took. */
@Timeout(120)
class TcpFaultProxyTest {
    private static final long MILLI = 1_000_000;
    private static final int PATIENCE = 60_000;

    private final StorageContext context = StorageContext.create("proxy-test");
    private final EchoServer backend = new EchoServer();
    private final DecisionLog log = DecisionLog.recording();
    private final FaultRegistry registry = new FaultRegistry(context.ticker(), FaultRegistry.Missing.THROWS);
    private final Faults faults = Faults.of(context, registry, 5, log);
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        backend.close();
        context.close();
        await(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("proxy-test")));
    }

    private static void await(BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - begin).isLessThan(PATIENCE * MILLI);
            LockSupport.parkNanos(MILLI);
        }
    }

    private TcpFaultProxy proxy(Map<String, ?> fields) throws IOException {
        return proxy(faults, fields);
    }

    private TcpFaultProxy proxy(Faults by, Map<String, ?> fields) throws IOException {
        TcpFaultProxy proxy = TcpFaultProxy.start(
                by, ProxyRoute.to("127.0.0.1", backend.port()), FaultBinding.of(FaultFields.parse("", fields)));
        opened.add(0, proxy);
        return proxy;
    }

    private Socket client(TcpFaultProxy proxy) throws IOException {
        Socket socket = new Socket(proxy.address().getAddress(), proxy.port());
        socket.setSoTimeout(PATIENCE);
        opened.add(0, socket);
        return socket;
    }

    private static String echo(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        byte[] answer = socket.getInputStream().readNBytes(text.length());
        if (answer.length < text.length()) {
            throw new EOFException("the connection ended after " + answer.length + " bytes");
        }
        return new String(answer, StandardCharsets.UTF_8);
    }

    private List<Long> delays(String place) {
        return log.decisions().stream()
                .filter(decision -> decision.site().startsWith("proxy:" + place))
                .map(decision -> decision.verdict().delay().toNanos() / MILLI)
                .toList();
    }

    @Nested
    class WithoutAPolicy {
        @Test
        void everyByteArrivesBothWaysAndEndsAreToldHalfByHalf() throws IOException {
            TcpFaultProxy proxy = proxy(Map.of());
            byte[] sent = new byte[5_000_000];
            new SplittableRandom(1).nextBytes(sent);
            Socket client = client(proxy);
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    client.getOutputStream().write(sent);
                    client.shutdownOutput();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(Arrays.equals(client.getInputStream().readAllBytes(), sent))
                    .isTrue();
            sending.join();
            await(() -> proxy.stats().open() == 0);
            assertThat(proxy.stats().bytesUp()).isEqualTo(sent.length);
            assertThat(proxy.stats().bytesDown()).isEqualTo(sent.length);
        }

        @Test
        void manyConnectionsAreServedByOneThread() throws IOException {
            TcpFaultProxy proxy = proxy(Map.of());
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                clients.add(client(proxy));
            }
            for (int i = 0; i < clients.size(); i++) {
                assertThat(echo(clients.get(i), "hello " + i)).isEqualTo("hello " + i);
            }
            assertThat(proxy.stats().open()).isEqualTo(200);
            proxy.resetAll();
            assertThatThrownBy(() -> echo(clients.get(7), "x")).isInstanceOf(IOException.class);
            await(() -> proxy.stats().open() == 0);
            assertThat(proxy.stats().accepted()).isEqualTo(200);
        }

        @Test
        void aBackendThatIsNotThereIsAResetConnection() throws IOException {
            TcpFaultProxy proxy = proxy(Map.of());
            backend.close();
            assertThatThrownBy(() -> echo(client(proxy), "x")).isInstanceOf(IOException.class);
        }

        @Test
        void closingLeavesNoListenerAndIsIdempotent() throws IOException {
            TcpFaultProxy proxy = proxy(Map.of());
            Socket client = client(proxy);
            echo(client, "x");
            proxy.close();
            proxy.close();
            assertThatThrownBy(() -> echo(client, "x")).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> client(proxy)).isInstanceOf(ConnectException.class);
        }
    }

    @Nested
    class Delays {
        @Test
        void aPolicyThatComesLaterDoesNotInheritWhatAnEarlierOneLetWait() throws IOException {
            TcpFaultProxy proxy = proxy(Map.of());
            proxy.apply(FaultFields.parse("", Map.of("rate", "8bps")));
            Socket held = client(proxy);
            held.getOutputStream().write("half a minute at this rate".getBytes(StandardCharsets.UTF_8));
            await(() -> log.decisions().stream()
                    .anyMatch(decision -> decision.verdict().delay().toNanos() > 20_000 * MILLI));
            proxy.apply(FaultFields.parse("", Map.of("rate", "80mbps")));
            assertThat(echo(client(proxy), "at once")).isEqualTo("at once");
            assertThat(delays("up")).last().isEqualTo(0L);
        }

        @Test
        void latencyHoldsInBothDirectionsAndOnConnecting() throws IOException {
            TcpFaultProxy proxy = proxy(Map.of("latency", "20ms"));
            assertThat(echo(client(proxy), "x")).isEqualTo("x");
            assertThat(delays("connect")).containsExactly(20L);
            assertThat(delays("up")).containsExactly(20L);
            assertThat(delays("down")).containsExactly(20L);
        }

        @Test
        void jitterOnlyEverAdds() throws IOException {
            Socket client = client(proxy(Map.of("uplink", Map.of("latency", "2ms", "jitter", "6ms"))));
            for (int i = 0; i < 20; i++) {
                echo(client, "x");
            }
            assertThat(delays("up")).hasSize(20).allMatch(delay -> delay >= 2 && delay <= 8);
            assertThat(delays("down")).containsOnly(0L);
        }

        @Test
        void jitterNeverChangesTheOrderOfBytes() throws IOException {
            Socket client = client(proxy(Map.of("jitter", "9ms")));
            StringBuilder sent = new StringBuilder();
            for (int i = 0; i < 200; i++) {
                client.getOutputStream().write(("line " + i + "\n").getBytes(StandardCharsets.UTF_8));
                sent.append("line ").append(i).append('\n');
            }
            client.shutdownOutput();
            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(sent.toString());
        }

        @Test
        void aRateHoldsPerDirectionForAllConnectionsTogether() throws IOException {
            TcpFaultProxy proxy = proxy(Map.of("downlink", Map.of("rate", "1mbps")));
            long begin = context.ticker().getAsLong();
            for (int i = 0; i < 4; i++) {
                Socket client = client(proxy);
                client.getOutputStream().write(new byte[50_000]);
                client.shutdownOutput();
            }
            await(() -> proxy.stats().bytesDown() == 200_000);
            // A machine that is slow only makes it longer; a rate for each connection would take a quarter.
            assertThat(context.ticker().getAsLong() - begin).isGreaterThan(1000 * MILLI);
            assertThat(delays("up")).containsOnly(0L);
            assertThat(delays("down")).anyMatch(delay -> delay > 50);
        }

        @Test
        void aLossIsAStallThatDoublesAndNoByteIsMissing() throws IOException {
            Socket client = client(proxy(Map.of("uplink", Map.of("packet_loss", "50%", "burst_loss", "2"), "seed", 4)));
            for (int i = 0; i < 6; i++) {
                assertThat(echo(client, "hello")).isEqualTo("hello");
            }
            List<Long> lost = log.decisions().stream()
                    .filter(decision -> decision.verdict().outcome() == Outcome.RESENT)
                    .map(decision -> decision.verdict().delay().toNanos() / MILLI)
                    .toList();
            assertThat(lost).containsSubsequence(200L, 400L);
        }
    }

    @Nested
    class Ends {
        @Test
        void aLossMayBeAReset() throws IOException {
            Socket client = client(proxy(Map.of("uplink", Map.of("packet_loss", "100%"), "loss_mode", "reset")));
            assertThatThrownBy(() -> {
                        echo(client, "x");
                        echo(client, "x");
                    })
                    .isInstanceOf(SocketException.class);
        }

        @Test
        void connectionsBreakWhenTheyAreMade() throws IOException {
            TcpFaultProxy proxy = proxy(Map.of("connection_error", Map.of("kind", "refused")));
            assertThatThrownBy(() -> echo(client(proxy), "x")).isInstanceOf(SocketException.class);
            assertThat(proxy.stats().decisions()).containsEntry("error", 1L);
        }

        @Test
        void halfOpenFailsOrSaysNothing() throws IOException {
            Socket client = client(proxy(Map.of("half_open", Map.of("after", "8b"))));
            echo(client, "four");
            assertThatThrownBy(() -> {
                        echo(client, "more");
                        echo(client, "more");
                    })
                    .isInstanceOf(SocketException.class);
            Socket mute = client(proxy(Map.of("half_open", Map.of("after", "8b", "mode", "stall"))));
            echo(mute, "four");
            mute.setSoTimeout(50);
            assertThatThrownBy(() -> echo(mute, "more")).isInstanceOf(SocketTimeoutException.class);
        }

        @Test
        void deadlinesHoldForConnectingAndForAnswers() throws IOException {
            TcpFaultProxy late = proxy(Map.of("latency", "1s", "timeout", Map.of("connect", "10ms")));
            assertThatThrownBy(() -> echo(client(late), "x")).isInstanceOf(IOException.class);
            assertThat(delays("connect")).containsExactly(10L);
            Socket client =
                    client(proxy(Map.of("downlink", Map.of("latency", "5s"), "timeout", Map.of("recv", "30ms"))));
            assertThatThrownBy(() -> echo(client, "x")).isInstanceOf(IOException.class);
        }

        @Test
        void aBackendThatDoesNotAnswerInTimeIsCutOff() throws IOException {
            try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                    TcpFaultProxy proxy = TcpFaultProxy.start(
                            faults,
                            ProxyRoute.to("127.0.0.1", silent.getLocalPort()),
                            FaultBinding.of(FaultFields.parse("", Map.of("timeout", Map.of("recv", "30ms")))))) {
                assertThatThrownBy(() -> echo(client(proxy), "x")).isInstanceOf(EOFException.class);
            }
        }

        @Test
        void aBudgetEndsInThreeWays() throws IOException {
            Socket drop = client(proxy(Map.of("session_budget", Map.of("max_tx", "4b"))));
            echo(drop, "four");
            assertThatThrownBy(() -> echo(drop, "more")).isInstanceOf(IOException.class);
            Socket broken = client(proxy(Map.of("session_budget", Map.of("max_ops", 2, "action", "connection_error"))));
            echo(broken, "four");
            assertThatThrownBy(() -> {
                        echo(broken, "more");
                        echo(broken, "more");
                    })
                    .isInstanceOf(SocketException.class);
            Socket late = client(proxy(
                    Map.of("session_budget", Map.of("max_rx", "4b", "action", "timeout", "budget_timeout", "20ms"))));
            echo(late, "four");
            assertThatThrownBy(() -> echo(late, "more")).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void payloadsAreChangedOnTheirWay() throws IOException {
        Socket client = client(proxy(Map.of(
                "payload_mutation",
                Map.of(
                        "enabled",
                        true,
                        "type",
                        "replace_pattern",
                        "replace_find",
                        "allow",
                        "replace_with",
                        "wreck",
                        "target",
                        "downlink"))));
        assertThat(echo(client, "allow all")).isEqualTo("wreck all");
    }

    @Nested
    class Selection {
        @Test
        void onlyTargetsAreConcerned() throws IOException {
            Map<String, ?> broken = Map.of("kind", "reset");
            TcpFaultProxy other = proxy(Map.of(
                    "connection_error",
                    broken,
                    "targets",
                    List.of("tcp://10.0.0.0/8", Map.of("host", "127.0.0.1", "port", 1))));
            assertThat(echo(client(other), "x")).isEqualTo("x");
            TcpFaultProxy here =
                    proxy(Map.of("connection_error", broken, "targets", List.of("tcp://127.0.0.1:" + backend.port())));
            assertThatThrownBy(() -> echo(client(here), "x")).isInstanceOf(SocketException.class);
        }

        @Test
        void theNameAskedForInTlsIsATarget() throws Exception {
            TcpFaultProxy proxy = proxy(Map.of(
                    "session_budget", Map.of("max_tx", "1b"), "targets", List.of(Map.of("sni", "*.example.com"))));
            assertThat(handshake(proxy, "db.example.com")).isInstanceOf(IOException.class);
            assertThat(log.decisions()).isNotEmpty();
            int decided = log.decisions().size();
            handshake(proxy, "db.example.org");
            assertThat(log.decisions()).hasSize(decided);
        }

        /** The backend only echoes, so the handshake always fails; what counts is what the proxy made of its beginning. */
        private Exception handshake(TcpFaultProxy proxy, String name) throws Exception {
            try (SSLSocket socket = (SSLSocket)
                    SSLContext.getDefault().getSocketFactory().createSocket(client(proxy), name, proxy.port(), true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setServerNames(List.of(new SNIHostName(name)));
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                throw new AssertionError("an echo is no handshake");
            } catch (IOException e) {
                return e;
            }
        }

        @Test
        void policiesAreSwappedWhileConnectionsAreOpen() throws IOException {
            TcpFaultProxy proxy = proxy(Map.of());
            Socket client = client(proxy);
            assertThat(echo(client, "abc")).isEqualTo("abc");
            proxy.apply(FaultFields.parse(
                    "",
                    Map.of(
                            "payload_mutation",
                            Map.of(
                                    "enabled",
                                    true,
                                    "type",
                                    "swap_bytes",
                                    "swap_pos1",
                                    0,
                                    "swap_pos2",
                                    1,
                                    "target",
                                    "uplink"))));
            assertThat(echo(client, "abc")).isEqualTo("bac");
            proxy.clear();
            assertThat(echo(client, "abc")).isEqualTo("abc");
            registry.register("named", Map.of("connection_error", Map.of()));
            proxy.bind(FaultBinding.named("named"));
            assertThatThrownBy(() -> {
                        echo(client, "abc");
                        echo(client, "abc");
                    })
                    .isInstanceOf(IOException.class);
            FaultPolicy events = FaultFields.parse("", Map.of("packet_reorder", Map.of()));
            assertThatIllegalArgumentException().isThrownBy(() -> proxy.apply(events));
        }
    }

    @Nested
    class Names {
        private final HostResolver oneName = name -> List.of(InetAddress.getLoopbackAddress());

        private TcpFaultProxy named(Map<String, ?> dns) throws IOException {
            TcpFaultProxy proxy = TcpFaultProxy.start(
                    faults,
                    ProxyRoute.to("db.example", backend.port()),
                    FaultBinding.of(FaultFields.parse("", Map.of("dns", dns))),
                    oneName);
            opened.add(0, proxy);
            return proxy;
        }

        @Test
        void areLookedUpWithTheResolverGivenAndMayBeLateMissingOrTimeOut() throws IOException {
            assertThat(echo(client(named(Map.of("delay", "10ms"))), "x")).isEqualTo("x");
            assertThatThrownBy(() -> echo(client(named(Map.of("nxdomain", "100%"))), "x"))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> echo(client(named(Map.of("timeout", "10ms"))), "x"))
                    .isInstanceOf(IOException.class);
            assertThat(log.decisions().stream()
                            .filter(decision -> decision.site().startsWith("resolver:lookup")))
                    .extracting(decision -> decision.verdict().outcome())
                    .containsExactly(Outcome.PASS, Outcome.NXDOMAIN, Outcome.TIMEOUT);
        }
    }

    @Test
    void aRunIsReplayedFromItsLog() throws IOException {
        Map<String, ?> fields = Map.of("uplink", Map.of("jitter", "5ms"), "seed", 3);
        Socket client = client(proxy(fields));
        for (int i = 0; i < 10; i++) {
            echo(client, "x");
        }
        List<FaultDecision> recorded = log.decisions();
        Faults replaying = Faults.of(context, registry, 999, DecisionLog.replaying(recorded));
        Socket again = client(proxy(replaying, Map.of("uplink", Map.of("jitter", "5ms"), "seed", 77)));
        for (int i = 0; i < 10; i++) {
            echo(again, "x");
        }
        assertThat(replaying.log().decisions())
                .extracting(FaultDecision::verdict)
                .isEqualTo(recorded.stream().map(FaultDecision::verdict).toList());
        assertThatThrownBy(() -> {
                    echo(again, "one too many");
                    echo(again, "one too many");
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void aRouteLeadsSomewhere() {
        assertThatIllegalArgumentException().isThrownBy(() -> ProxyRoute.to("", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> ProxyRoute.to("db", 0));
    }
}
