package io.authzengine.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.authzengine.storage.faults.policy.FaultPolicy;
import io.authzengine.storage.faults.policy.Link;
import io.authzengine.storage.faults.policy.Probability;
import io.authzengine.storage.faults.policy.Schedule;
import io.authzengine.storage.faults.policy.Selector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows S3-14 to S3-20 and S3-27 to S3-31. */
class FaultRegistryTest {
    private static final String EXAMPLE = """
            {
              "policy_name": {
                "latency": "7ms",
                "jitter": "3ms",
                "packet_loss": "0.2%",
                "burst_loss": "2",
                "rate": "1mbps",
                "timeout": {"connect": "9ms", "recv": "9ms"},
                "targets": [
                  {"target": "tcp://10.0.0.0/8", "priority": 10},
                  {"target": "tcp://127.0.0.1:9000", "priority": 100}
                ],
                "schedule": {"kind": "spike", "every": "30s", "duration": "5s"}
              }
            }
            """;

    private final FaultRegistry registry = new FaultRegistry(() -> 0, FaultRegistry.Missing.RUNS_CLEAR);

    @TempDir
    private Path directory;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    @Test
    void s3_14_theRegistryIsOneForTheProcessAndSafeForThreads() {
        assertThat(FaultRegistry.shared()).isSameAs(FaultRegistry.shared());
        CompletableFuture.allOf(IntStream.range(0, 8)
                        .mapToObj(i -> CompletableFuture.runAsync(() -> IntStream.range(0, 200)
                                .forEach(j -> registry.register("p" + i + "-" + j, FaultPolicy.NONE))))
                        .toArray(CompletableFuture[]::new))
                .join();
        assertThat(registry.list()).hasSize(1600).isSorted();
    }

    @Test
    void s3_15_registerReplacesAndARefusedPolicyLeavesTheOldOne() {
        registry.register("slow", Map.of("latency", "1ms"));
        registry.register("slow", Map.of("latency", "2ms"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.register("slow", Map.of("latency", "soon")))
                .withMessageContaining("slow.latency");
        assertThat(registry.get("slow").orElseThrow().link().latency()).isEqualTo(Duration.ofMillis(2));
        assertThatIllegalArgumentException().isThrownBy(() -> registry.register(" ", FaultPolicy.NONE));
        assertThatIllegalArgumentException().isThrownBy(() -> registry.register("auto", FaultPolicy.NONE));
    }

    @Test
    void s3_16_and_17_listAndGet() {
        registry.register("b", FaultPolicy.NONE);
        registry.register("a", Map.of("seed", 7));
        assertThat(registry.list()).containsExactly("a", "b");
        assertThat(registry.get("a").orElseThrow().seed()).hasValue(7);
        assertThat(registry.get("c")).isEmpty();
    }

    @Test
    void s3_18_unregisterTellsWhetherThereWasOne() {
        registry.register("a", FaultPolicy.NONE);
        registry.register("b", FaultPolicy.NONE);
        assertThat(registry.unregister("a")).isTrue();
        assertThat(registry.unregister("a")).isFalse();
        registry.clear();
        assertThat(registry.list()).isEmpty();
    }

    @Test
    void s3_20_aMissingPolicyIsNoFaultUnlessTheRegistryIsStrict() {
        assertThat(registry.resolve("slow_lnik")).isEmpty();
        FaultRegistry strict = new FaultRegistry(() -> 0, FaultRegistry.Missing.THROWS);
        strict.register("slow_link", FaultPolicy.NONE);
        assertThatIllegalStateException()
                .isThrownBy(() -> strict.resolve("slow_lnik"))
                .withMessageContaining("slow_link");
    }

    @Nested
    class Files_ {
        @Test
        void s3_27_and_31_theExampleIsReadFromJson() throws IOException {
            assertThat(registry.load(file("policies.json", EXAMPLE))).isEqualTo(1);
            assertThatTheExampleWasRead();
        }

        @Test
        void s3_27_and_29_theSameIsReadFromYaml() throws IOException {
            String yaml = """
                    policy_name:
                      latency: 7ms
                      jitter: 3ms
                      packet_loss: 0.2%
                      burst_loss: 2
                      rate: 1mbps
                      timeout: {connect: 9ms, recv: 9ms}
                      targets:
                        - {target: 'tcp://10.0.0.0/8', priority: 10}
                        - {target: 'tcp://127.0.0.1:9000', priority: 100}
                      schedule: {kind: spike, every: 30s, duration: 5s}
                    other:
                      seed: 0x2A
                    """;
            assertThat(registry.load(file("policies.yml", yaml))).isEqualTo(2);
            assertThatTheExampleWasRead();
        }

        private void assertThatTheExampleWasRead() {
            FaultPolicy policy = registry.get("policy_name").orElseThrow();
            assertThat(policy.link())
                    .isEqualTo(
                            new Link(Duration.ofMillis(7), Duration.ofMillis(3), new Probability(2000), 2, 1_000_000));
            assertThat(policy.timeouts().connect()).contains(Duration.ofMillis(9));
            assertThat(policy.timeouts().receive()).contains(Duration.ofMillis(9));
            assertThat(policy.targets()).extracting(rule -> rule.priority()).containsExactly(100, 10);
            assertThat(policy.targets().get(0).firstPort()).isEqualTo(9000);
            assertThat(((Selector.Address) policy.targets().get(1).selector()).prefix())
                    .isEqualTo(8);
            assertThat(policy.schedule()).contains(new Schedule.Spike(Duration.ofSeconds(30), Duration.ofSeconds(5)));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "[]",
                    "\"x\"",
                    "{\"a\": 1}",
                    "{\"a\": []}",
                    "{\"\": {}}",
                    "",
                    "{",
                    "{} {}",
                    "{\"a\":{},\"a\":{}}",
                    "null"
                })
        void s3_28_theRootIsAMappingOfMappings(String text) throws IOException {
            Path file = file("policies.json", text);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> registry.load(file))
                    .withMessageContaining("policies.json");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "- a",
                    "a: 1",
                    "a: {latency: [}",
                    "",
                    "a: {}\na: {}",
                    "a: {latency: }",
                    "a: {latency: !!java 1}",
                    "a: &a {uplink: *a}"
                })
        void s3_28_yamlThatWillNotDoIsRefused(String text) throws IOException {
            Path file = file("policies.yaml", text);
            assertThatIllegalArgumentException().isThrownBy(() -> registry.load(file));
        }

        @Test
        void aFileIsLoadedAsAWholeOrNotAtAll() throws IOException {
            registry.register("a", Map.of("latency", "1ms"));
            Path file = file("policies.yaml", "a: {latency: 2ms}\nb: {latenci: 3ms}\n");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> registry.load(file))
                    .withMessageContaining("b.latenci");
            assertThat(registry.list()).containsExactly("a");
            assertThat(registry.get("a").orElseThrow().link().latency()).isEqualTo(Duration.ofMillis(1));
        }

        @Test
        void otherEndingsAreRefused() throws IOException {
            Path file = file("policies.toml", "");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> registry.load(file))
                    .withMessageContaining(".yaml");
        }
    }
}
