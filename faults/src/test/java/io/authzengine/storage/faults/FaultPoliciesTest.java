package io.authzengine.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.authzengine.storage.faults.format.FaultFields;
import io.authzengine.storage.faults.policy.CorrelatedLoss;
import io.authzengine.storage.faults.policy.Direction;
import io.authzengine.storage.faults.policy.Dns;
import io.authzengine.storage.faults.policy.ErrorKind;
import io.authzengine.storage.faults.policy.FaultPolicy;
import io.authzengine.storage.faults.policy.HalfOpen;
import io.authzengine.storage.faults.policy.Layer;
import io.authzengine.storage.faults.policy.Link;
import io.authzengine.storage.faults.policy.PayloadTransform;
import io.authzengine.storage.faults.policy.Probability;
import io.authzengine.storage.faults.policy.Protocol;
import io.authzengine.storage.faults.policy.Schedule;
import io.authzengine.storage.faults.policy.Selector;
import io.authzengine.storage.faults.policy.SessionBudget;
import io.authzengine.storage.faults.policy.TargetRule;
import io.authzengine.storage.faults.policy.Timeouts;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the fields of a policy say, row by row: S3-1 to S3-13, S3-30, S3-32 to S3-40. */
class FaultPoliciesTest {
    private static FaultPolicy parse(Map<String, ?> fields) {
        return FaultFields.parse("", fields);
    }

    private static void refused(Map<String, ?> fields, String... told) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(fields))
                .satisfies(e -> assertThat(e.getMessage()).contains(told));
    }

    @Nested
    class Fields {
        @Test
        void s3_1_everyFieldIsOptional() {
            assertThat(parse(Map.of())).isEqualTo(FaultPolicy.NONE);
            assertThat(parse(Map.of("latency", "50ms")).link().jitter()).isZero();
        }

        @ParameterizedTest
        @CsvSource({
            "50ms, 50000000",
            "0.5ms, 500000",
            "1ns, 1",
            "2us, 2000",
            "1.5s, 1500000000",
            "1m, 60000000000",
            "' 50MS ', 50000000",
            "50 ms, 50000000",
            "0ms, 0"
        })
        void s3_2_latencyIsATimeWithItsUnit(String text, long nanos) {
            assertThat(parse(Map.of("latency", text)).link().latency()).isEqualTo(Duration.ofNanos(nanos));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"50", "", "ms", "-1ms", "infs", "1e3ms", "0.1ns", "61s", "2m", "50 parsecs", "99999999999s"})
        void s3_2_latencyThatIsNoTimeIsRefused(String text) {
            refused(Map.of("latency", text), "latency");
        }

        @Test
        void s3_3_jitterIsATime() {
            assertThat(parse(Map.of("jitter", "10ms")).link().jitter()).isEqualTo(Duration.ofMillis(10));
        }

        @ParameterizedTest
        @CsvSource({"1%, 10000", "0.1%, 1000", "0.2%, 2000", "100%, 1000000", "0%, 0", "500ppm, 500", "0.0001%, 1"})
        void s3_4_packetLossIsAShare(String text, int ppm) {
            assertThat(parse(Map.of("packet_loss", text)).link().packetLoss().ppm())
                    .isEqualTo(ppm);
        }

        @ParameterizedTest
        @ValueSource(strings = {"1", "101%", "-1%", "1000001ppm", "0.5ppm", "0.00001%"})
        void s3_4_packetLossThatIsNoShareIsRefused(String text) {
            refused(Map.of("packet_loss", text), "packet_loss");
        }

        @Test
        void s3_5_burstLossIsACount() {
            assertThat(parse(Map.of("burst_loss", "3")).link().burstLoss()).isEqualTo(3);
            refused(Map.of("burst_loss", "-1"), "burst_loss");
            refused(Map.of("burst_loss", "1000001"), "burst_loss");
            refused(Map.of("burst_loss", "many"), "burst_loss");
        }

        @ParameterizedTest
        @CsvSource({
            "10mbps, 10000000",
            "2mbps, 2000000",
            "512kbps, 512000",
            "100gbps, 100000000000",
            "9bps, 9",
            "0bps, 0"
        })
        void s3_6_rateIsBitsASecond(String text, long bits) {
            assertThat(parse(Map.of("rate", text)).link().rate()).isEqualTo(bits);
        }

        @ParameterizedTest
        @ValueSource(strings = {"10", "10mb", "101gbps", "-1bps", "0.5bps"})
        void s3_6_rateThatIsNoneIsRefused(String text) {
            refused(Map.of("rate", text), "rate");
        }

        @Test
        void s3_7_timeoutHasConnectAndRecvAndWhatIsAbsentIsOmitted() {
            Timeouts both = parse(Map.of("timeout", Map.of("connect", "200ms", "recv", "500ms")))
                    .timeouts();
            assertThat(both.connect()).contains(Duration.ofMillis(200));
            assertThat(both.receive()).contains(Duration.ofMillis(500));
            Timeouts one = parse(Map.of("timeout", Map.of("recv", "1s"))).timeouts();
            assertThat(one.connect()).isEmpty();
            assertThat(one.mode()).isEqualTo(Timeouts.Mode.DEADLINE);
            assertThat(parse(Map.of("timeout", Map.of("recv", "1s", "mode", "always")))
                            .timeouts()
                            .mode())
                    .isEqualTo(Timeouts.Mode.ALWAYS);
            refused(Map.of("timeout", "1s"), "timeout", "mapping");
            refused(Map.of("timeout", Map.of("receive", "1s")), "timeout.receive", "recv");
        }

        @Test
        void s3_8_dnsHasDelayTimeoutAndNxdomain() {
            Dns dns = parse(Map.of("dns", Map.of("delay", "5ms", "timeout", "2s", "nxdomain", "3%")))
                    .dns();
            assertThat(dns)
                    .isEqualTo(
                            new Dns(Duration.ofMillis(5), Optional.of(Duration.ofSeconds(2)), Probability.percent(3)));
            assertThat(parse(Map.of("dns", Map.of())).hasDnsEffects()).isFalse();
        }

        @Test
        void s3_9_sessionBudgetHasLimitsAndAnEnd() {
            SessionBudget budget = parse(Map.of(
                            "session_budget",
                            Map.of("max_tx", "48b", "max_bytes_rx", "64kib", "max_ops", 5, "max_duration", "2s")))
                    .sessionBudget()
                    .orElseThrow();
            assertThat(budget.maxTx()).hasValue(48);
            assertThat(budget.maxRx()).hasValue(65_536);
            assertThat(budget.maxOps()).hasValue(5);
            assertThat(budget.maxDuration()).contains(Duration.ofSeconds(2));
            assertThat(budget.end()).isEqualTo(new SessionBudget.Drop());
        }

        @Test
        void s3_9_actionTimeoutNeedsBudgetTimeoutAndConnectionErrorTakesAnError() {
            assertThat(parse(Map.of(
                                    "session_budget",
                                    Map.of("max_ops", 1, "action", "timeout", "budget_timeout", "10ms")))
                            .sessionBudget()
                            .orElseThrow()
                            .end())
                    .isEqualTo(new SessionBudget.TimeOut(Duration.ofMillis(10)));
            assertThat(parse(Map.of(
                                    "session_budget",
                                    Map.of("max_ops", 1, "action", "connection_error", "error", "refused")))
                            .sessionBudget()
                            .orElseThrow()
                            .end())
                    .isEqualTo(new SessionBudget.Break(ErrorKind.REFUSED));
            assertThat(parse(Map.of("session_budget", Map.of("max_ops", 1, "action", "connection_error")))
                            .sessionBudget()
                            .orElseThrow()
                            .end())
                    .isEqualTo(new SessionBudget.Break(ErrorKind.RESET));
            refused(Map.of("session_budget", Map.of("max_ops", 1, "action", "timeout")), "budget_timeout");
            refused(Map.of("session_budget", Map.of("max_ops", 1, "action", "drop", "error", "reset")), "error");
            refused(Map.of("session_budget", Map.of("max_ops", 1, "budget_timeout", "1s")), "budget_timeout");
            refused(Map.of("session_budget", Map.of("action", "drop")), "at least one limit");
            refused(Map.of("session_budget", Map.of("max_ops", 0)), "max_ops");
            refused(Map.of("session_budget", Map.of("max_ops", 1, "action", "explode")), "action");
            refused(Map.of("session_budget", Map.of("max_tx", "1kb", "max_bytes_tx", "1kb")), "the same");
        }

        @ParameterizedTest
        @CsvSource({"48b, 48", "1.5kb, 1500", "64kib, 65536", "2mb, 2000000", "1mib, 1048576", "1gib, 1073741824"})
        void s3_9_sizesHaveDecimalAndBinaryUnits(String text, long bytes) {
            assertThat(parse(Map.of("half_open", Map.of("after", text)))
                            .halfOpen()
                            .orElseThrow()
                            .after())
                    .isEqualTo(bytes);
        }

        @ParameterizedTest
        @ValueSource(strings = {"48", "10mbps", "0.5b", "0b"})
        void s3_9_whatIsNoSizeIsRefused(String text) {
            refused(Map.of("half_open", Map.of("after", text)), "half_open");
        }

        @Test
        void s3_10_payloadMutationIsATransformWithItsConditions() {
            FaultPolicy policy = parse(Map.of(
                    "payload_mutation",
                    Map.of(
                            "enabled",
                            true,
                            "type",
                            "truncate",
                            "truncate_size",
                            "10b",
                            "prob",
                            "50%",
                            "target",
                            "downlink_only")));
            assertThat(policy.payloadMutation().orElseThrow().transform()).isEqualTo(new PayloadTransform.Truncate(10));
            assertThat(policy.payloadMutation().orElseThrow().only()).contains(Direction.DOWNLINK);
            assertThat(parse(Map.of("payload_mutation", Map.of("type", "corrupt_encoding")))
                            .payloadMutation())
                    .isEmpty();
            refused(Map.of("payload_mutation", Map.of("type", "shred")), "type");
            refused(Map.of("payload_mutation", Map.of("enabled", "yes")), "enabled");
            refused(Map.of("payload_mutation", Map.of("type", "inject_bytes", "inject_data", "x".repeat(65))), "64");
            refused(
                    Map.of("payload_mutation", Map.of("type", "replace_pattern", "replace_find", "x".repeat(33))),
                    "32");
        }

        @Test
        void s3_11_and_30_targetsAreAListThatIsNotEmpty() {
            assertThat(parse(Map.of("latency", "1ms", "targets", List.of("10.0.0.0/8")))
                            .targets())
                    .hasSize(1);
            refused(Map.of("targets", List.of()), "targets", "empty");
            refused(Map.of("targets", "10.0.0.0/8"), "targets", "list");
            refused(Map.of("latency", "1ms", "targets", java.util.Collections.nCopies(9, "127.0.0.1")), "at most 8");
        }

        @Test
        void s3_12_scheduleIsRampSpikeOrFlapping() {
            assertThat(parse(Map.of("schedule", Map.of("kind", "ramp", "ramp", "10s")))
                            .schedule())
                    .contains(new Schedule.Ramp(Duration.ofSeconds(10)));
            assertThat(parse(Map.of("schedule", Map.of("kind", "spike", "every", "30s", "duration", "5s")))
                            .schedule())
                    .contains(new Schedule.Spike(Duration.ofSeconds(30), Duration.ofSeconds(5)));
            assertThat(parse(Map.of("schedule", Map.of("kind", "flapping", "on", "1s", "off", "2s")))
                            .schedule())
                    .contains(new Schedule.Flapping(Duration.ofSeconds(1), Duration.ofSeconds(2)));
            refused(Map.of("schedule", Map.of("kind", "spike", "every", "1s", "duration", "5s")), "schedule");
            refused(Map.of("schedule", Map.of("kind", "ramp", "ramp", "0s")), "schedule.ramp");
            refused(Map.of("schedule", Map.of("kind", "sometimes")), "kind");
        }

        @ParameterizedTest
        @CsvSource({"0, 0", "42, 42", "0x2A, 42", "0b101010, 42", "9223372036854775807, 9223372036854775807"})
        void s3_13_seedIsAWholeNumberFromZero(String text, long seed) {
            assertThat(parse(Map.of("seed", text)).seed()).hasValue(seed);
        }

        @ParameterizedTest
        @ValueSource(strings = {"-1", "1.5", "0xFFFFFFFFFFFFFFFF", "9223372036854775808", "lucky"})
        void s3_13_seedThatIsNoneIsRefused(String text) {
            refused(Map.of("seed", text), "seed");
        }

        @Test
        void fieldsThatAreNotKnownAreRefusedWithThoseThatAre() {
            refused(Map.of("latencey", "1ms"), "latencey", "latency");
        }

        @Test
        void correlatedLossNeedsAllFourOfItsShares() {
            assertThat(parse(Map.of(
                                    "correlated_loss",
                                    Map.of(
                                            "p_good_to_bad",
                                            "1%",
                                            "p_bad_to_good",
                                            "10%",
                                            "loss_good",
                                            "0%",
                                            "loss_bad",
                                            "50%")))
                            .correlatedLoss())
                    .contains(new CorrelatedLoss(
                            Probability.percent(1),
                            Probability.percent(10),
                            Probability.NEVER,
                            Probability.percent(50)));
            refused(
                    Map.of("correlated_loss", Map.of("p_good_to_bad", "1%")),
                    "correlated_loss.p_bad_to_good",
                    "missing");
        }

        @Test
        void oneDirectionOverridesOnlyWhatItSays() {
            FaultPolicy policy = parse(
                    Map.of("latency", "5ms", "jitter", "1ms", "uplink", Map.of("latency", "9ms", "rate", "0bps")));
            assertThat(policy.link(Direction.UPLINK))
                    .isEqualTo(Link.CLEAR.withLatency(Duration.ofMillis(9)).withJitter(Duration.ofMillis(1)));
            assertThat(policy.link(Direction.DOWNLINK)).isEqualTo(policy.link());
        }
    }

    @Nested
    class RoundTrip {
        static List<Map<String, Object>> everyField() {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("latency", "7ms");
            all.put("jitter", "3ms");
            all.put("packet_loss", "0.2%");
            all.put("burst_loss", "2");
            all.put("rate", "1mbps");
            all.put("uplink", Map.of("latency", "1ms", "rate", "2mbps", "burst_loss", 3));
            all.put("downlink", Map.of("jitter", "2us", "packet_loss", "7ppm"));
            all.put("loss_mode", "reset");
            all.put(
                    "correlated_loss",
                    Map.of("p_good_to_bad", "1%", "p_bad_to_good", "2%", "loss_good", "3%", "loss_bad", "4%"));
            all.put("connection_error", Map.of("kind", "unreachable", "prob", "5%"));
            all.put("half_open", Map.of("after", "3kib", "mode", "stall", "error", "refused"));
            all.put("timeout", Map.of("connect", "9ms", "recv", "8ms", "mode", "always"));
            all.put("dns", Map.of("delay", "1ms", "timeout", "2s", "nxdomain", "3%"));
            all.put(
                    "session_budget",
                    Map.of(
                            "max_tx",
                            "1kb",
                            "max_rx",
                            "2kb",
                            "max_ops",
                            3,
                            "max_duration",
                            "4s",
                            "action",
                            "timeout",
                            "budget_timeout",
                            "5s"));
            all.put(
                    "payload_mutation",
                    Map.of(
                            "enabled",
                            "true",
                            "type",
                            "corrupt_bytes",
                            "corrupt_count",
                            2,
                            "corrupt_seed",
                            1,
                            "every_n_packets",
                            3,
                            "min_size",
                            "1b",
                            "max_size",
                            "9kb",
                            "max_buffer_size",
                            "10kb",
                            "target",
                            "uplink",
                            "dry_run",
                            "true"));
            all.put("packet_duplicate", Map.of("prob", "1%", "max_extra", 2));
            all.put("packet_reorder", Map.of("prob", "2%", "max_delay", "3ms", "window", 4));
            all.put(
                    "targets",
                    List.of(
                            Map.of("hostname", "*.example.com"),
                            Map.of("cidr", "10.0.0.0/8", "port", "80-90", "priority", 7),
                            Map.of("sni", "a.example.com", "protocol", "tcp"),
                            "driver://git/main#read",
                            "[::1]:9000",
                            Map.of("target", "udp://h.example")));
            all.put("schedule", Map.of("kind", "ramp", "ramp", "1m"));
            all.put("seed", 0);
            return List.of(
                    all,
                    Map.of("session_budget", Map.of("max_ops", 1, "action", "connection_error", "error", "refused")),
                    Map.of("schedule", Map.of("kind", "spike", "every", "30s", "duration", "5s")),
                    Map.of("schedule", Map.of("kind", "flapping", "on", "1s", "off", "2s")),
                    Map.of("payload_mutation", Map.of("enabled", true, "type", "truncate", "truncate_size", "0b")),
                    Map.of(
                            "payload_mutation",
                            Map.of(
                                    "enabled",
                                    true,
                                    "type",
                                    "inject_bytes",
                                    "inject_position",
                                    2,
                                    "inject_data",
                                    "hex:00ff")),
                    Map.of(
                            "payload_mutation",
                            Map.of(
                                    "enabled",
                                    true,
                                    "type",
                                    "replace_pattern",
                                    "replace_find",
                                    "a",
                                    "replace_with",
                                    "b")),
                    Map.of(
                            "payload_mutation",
                            Map.of("enabled", true, "type", "swap_bytes", "swap_pos1", 0, "swap_pos2", 1)),
                    Map.of("payload_mutation", Map.of("enabled", true, "type", "corrupt_encoding")));
        }

        @ParameterizedTest
        @MethodSource("everyField")
        void everyFieldIsReadBackAsItWasWritten(Map<String, Object> fields) {
            FaultPolicy policy = parse(fields);
            assertThat(parse(FaultFields.of(policy))).isEqualTo(policy);
            assertThat(policy.toBuilder().build()).isEqualTo(policy);
            assertThat(FaultFields.of(policy).keySet()).isEqualTo(new java.util.HashSet<>(fields.keySet()));
        }
    }

    @Nested
    class Targets {
        private static TargetRule rule(Object target) {
            return parse(Map.of("latency", "1ms", "targets", List.of(target)))
                    .targets()
                    .get(0);
        }

        @Test
        void s3_31_priorityAndAddressComeFromTextAndField() {
            TargetRule rule = rule(Map.of("target", "tcp://10.0.0.0/8", "priority", 10));
            assertThat(rule.priority()).isEqualTo(10);
            assertThat(rule.protocol()).isEqualTo(Protocol.TCP);
            assertThat(((Selector.Address) rule.selector()).prefix()).isEqualTo(8);
        }

        @ParameterizedTest
        @CsvSource({"any://127.0.0.1, ANY", "tcp://127.0.0.1, TCP", "TCP://127.0.0.1, TCP", "127.0.0.1, ANY"})
        void s3_32_textsMayBePrefixed(String text, Protocol protocol) {
            assertThat(rule(text).protocol()).isEqualTo(protocol);
        }

        @Test
        void s3_32_udpIsAPrefixToo() {
            assertThat(parse(Map.of("targets", List.of("udp://127.0.0.1:53")))
                            .targets()
                            .get(0)
                            .protocol())
                    .isEqualTo(Protocol.UDP);
            refused(Map.of("latency", "1ms", "targets", List.of("ftp://127.0.0.1")), "tcp://");
        }

        @Test
        void s3_33_hostnameAndSniExcludeEachOther() {
            refused(
                    Map.of("latency", "1ms", "targets", List.of(Map.of("hostname", "a.b", "sni", "a.b"))),
                    "hostname and sni");
        }

        @Test
        void s3_34_addressAndNameExcludeEachOther() {
            refused(
                    Map.of("latency", "1ms", "targets", List.of(Map.of("host", "1.2.3.4", "sni", "a.b"))),
                    "host and sni");
            refused(
                    Map.of("latency", "1ms", "targets", List.of(Map.of("cidr", "10.0.0.0/8", "hostname", "a.b"))),
                    "cidr and hostname");
            refused(Map.of("latency", "1ms", "targets", List.of(Map.of("port", 80))), "expected one of");
        }

        @Test
        void s3_35_theHighestPriorityCountsFirstThenTheMostExact() {
            FaultPolicy policy = parse(Map.of(
                    "latency",
                    "1ms",
                    "targets",
                    List.of(
                            Map.of("cidr", "10.0.0.0/8"),
                            Map.of("cidr", "10.1.0.0/16"),
                            Map.of("host", "10.1.2.3"),
                            Map.of("hostname", "*.b.c"),
                            Map.of("hostname", "a.b.c"),
                            Map.of("sni", "*.b.c"),
                            Map.of("sni", "a.b.c"),
                            Map.of("cidr", "0.0.0.0/0", "priority", 101))));
            assertThat(policy.targets())
                    .extracting(rule -> String.valueOf(
                            FaultFields.of(FaultPolicy.builder().target(rule).build())
                                    .get("targets")))
                    .map(text -> text.replaceAll("[\\[{}\\]]|, priority=.*", ""))
                    .containsExactly(
                            "cidr=0.0.0.0/0",
                            "sni=a.b.c",
                            "sni=*.b.c",
                            "hostname=a.b.c",
                            "hostname=*.b.c",
                            "host=10.1.2.3",
                            "cidr=10.1.0.0/16",
                            "cidr=10.0.0.0/8");
            refused(
                    Map.of("latency", "1ms", "targets", List.of(Map.of("host", "1.2.3.4", "priority", 65_536))),
                    "priority");
        }

        @Test
        void s3_36_dnsNeedsATargetThatIsAHostnameAlone() {
            Map<String, ?> dns = Map.of("delay", "1ms");
            assertThat(parse(Map.of("dns", dns, "targets", List.of(Map.of("hostname", "a.b"))))
                            .targets())
                    .hasSize(1);
            refused(Map.of("dns", dns, "targets", List.of(Map.of("hostname", "a.b", "port", 80))), "dns", "hostname");
            refused(Map.of("dns", dns, "targets", List.of(Map.of("hostname", "a.b", "protocol", "tcp"))), "dns");
            refused(Map.of("dns", dns, "targets", List.of("10.0.0.0/8")), "dns");
            refused(Map.of("dns", dns, "targets", List.of(Map.of("sni", "a.b"))), "dns");
        }

        @Test
        void s3_37_and_38_effectsThatNoTargetCanSeeAreRefused() {
            refused(Map.of("latency", "1ms", "targets", List.of("udp://127.0.0.1:53")), "udp");
            refused(Map.of("packet_reorder", Map.of(), "targets", List.of(Map.of("sni", "a.b"))), "sni");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> parse(Map.of("latency", "1ms", "targets", List.of(Map.of("sni", "a.b"))))
                            .check(Layer.CALL));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> parse(Map.of("latency", "1ms", "targets", List.of("driver://git")))
                            .check(Layer.PROXY));
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> parse(Map.of("packet_duplicate", Map.of())).check(Layer.PROXY));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> parse(Map.of("latency", "1ms")).check(Layer.RESOLVER));
        }

        @Test
        void portsAreANumberARangeOrAList() {
            assertThat(parse(Map.of(
                                    "latency",
                                    "1ms",
                                    "targets",
                                    List.of(Map.of("host", "::1", "port", "80,443,8000-8080"))))
                            .targets())
                    .extracting(TargetRule::firstPort)
                    .containsExactly(80, 443, 8000);
            assertThat(rule(Map.of("host", "::1", "port", 0)).anyPort()).isTrue();
            for (String ports : List.of("80,", "90-80", "1-2-3", "65536", "-5")) {
                refused(Map.of("latency", "1ms", "targets", List.of(Map.of("host", "::1", "port", ports))), "port");
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "::1:9000:",
                    "300.1.1.1/8",
                    "10.0.0.1/8",
                    "10.0.0.0/33",
                    "10.0.0.0/x",
                    "[::1",
                    "*.com",
                    "a..b",
                    "driver://",
                    "driver:///x",
                    "tcp://"
                })
        void whatIsNoTargetIsRefused(String target) {
            refused(Map.of("latency", "1ms", "targets", List.of(target)), "targets[0]");
        }

        @Test
        void whatIsGivenTwiceAgrees() {
            assertThat(rule(Map.of("target", "tcp://127.0.0.1:80", "protocol", "tcp", "port", 80))
                            .firstPort())
                    .isEqualTo(80);
            refused(
                    Map.of(
                            "latency",
                            "1ms",
                            "targets",
                            List.of(Map.of("target", "tcp://127.0.0.1", "protocol", "udp"))),
                    "differs");
            refused(
                    Map.of("latency", "1ms", "targets", List.of(Map.of("target", "127.0.0.1:80", "port", 81))),
                    "differs");
        }

        @Test
        void namesAreComparedInAsciiAndLowerCaseWithoutTheLastDot() {
            TargetRule rule = rule(Map.of("hostname", "BÜCHER.Example."));
            assertThat(((Selector.Name) rule.selector()).name()).isEqualTo("xn--bcher-kva.example");
        }
    }

    @Nested
    class Examples {
        @Test
        void s3_39_slowLink() {
            FaultPolicy policy = parse(Map.of(
                    "latency",
                    "50ms",
                    "jitter",
                    "10ms",
                    "packet_loss",
                    "1%",
                    "burst_loss",
                    "3",
                    "rate",
                    "2mbps",
                    "timeout",
                    Map.of("connect", "20ms", "recv", "20ms")));
            assertThat(policy)
                    .isEqualTo(FaultPolicy.builder()
                            .latency(Duration.ofMillis(50))
                            .jitter(Duration.ofMillis(10))
                            .packetLoss(Probability.percent(1))
                            .burstLoss(3)
                            .rate(2_000_000)
                            .connectTimeout(Duration.ofMillis(20))
                            .receiveTimeout(Duration.ofMillis(20))
                            .build());
        }

        @Test
        void s3_40_timeouts() {
            FaultPolicy policy = parse(Map.of("timeout", Map.of("connect", "200ms", "recv", "500ms")));
            assertThat(policy.timeouts())
                    .isEqualTo(new Timeouts(
                            Optional.of(Duration.ofMillis(200)),
                            Optional.of(Duration.ofMillis(500)),
                            Timeouts.Mode.DEADLINE));
        }
    }

    @Test
    void limitsHoldForThoseWhoBuildInCodeToo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FaultPolicy.builder().latency(Duration.ofSeconds(61)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FaultPolicy.builder().rate(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FaultPolicy.builder().burstLoss(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FaultPolicy.builder().seed(-1).build());
        assertThatIllegalArgumentException().isThrownBy(() -> new HalfOpen(0, HalfOpen.Mode.ERROR, ErrorKind.RESET));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SessionBudget(
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        Optional.empty(),
                        new SessionBudget.Drop()));
        assertThatIllegalArgumentException().isThrownBy(() -> Probability.percent(101));
    }
}
