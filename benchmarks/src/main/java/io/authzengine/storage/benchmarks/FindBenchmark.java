package io.authzengine.storage.benchmarks;

import io.authzengine.storage.benchmarks.corpus.Corpus;
import io.authzengine.storage.benchmarks.corpus.Document;
import io.authzengine.storage.benchmarks.measure.Figures;
import io.authzengine.storage.benchmarks.measure.Sample;
import io.authzengine.storage.parser.DocumentOrigin;
import io.authzengine.storage.parser.ParserLimits;
import io.authzengine.storage.parser.PolicyParser;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import io.authzengine.storage.snapshot.PolicyVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures, with JMH, looking a policy up in a snapshot, next to a plain {@link HashMap} of the same policies, and what either allocates. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FindBenchmark {
    private static final int FORKS = 3;
    private static final int ITERATIONS = 5;
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    /** How many policies there are. */
    @Param("10000")
    public int policies;

    private PolicySnapshot snapshot = PolicySnapshot.NONE;
    private final Map<PolicyId, Policy> map = new HashMap<>();
    private PolicyId[] ids = new PolicyId[0];
    private int next;

    /** Takes numbers of policies. */
    public static void main(String[] args) throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(FindBenchmark.class.getName())
                        .param("policies", args)
                        .addProfiler(GCProfiler.class)
                        .verbosity(VerboseMode.SILENT)
                        .forks(FORKS)
                        .warmupIterations(3)
                        .warmupTime(TimeValue.milliseconds(500))
                        .measurementIterations(ITERATIONS)
                        .measurementTime(TimeValue.milliseconds(500))
                        .build())
                .run();
        for (String size : args) {
            tell(Integer.parseInt(size), results);
        }
    }

    private static void tell(int size, Collection<RunResult> results) {
        Map<String, double[]> forks = new HashMap<>();
        for (RunResult result : results) {
            if (result.getParams().getParam("policies").equals(Integer.toString(size))) {
                String name = result.getPrimaryResult().getLabel();
                double[] nanos = result.getBenchmarkResults().stream()
                        .mapToDouble(fork -> fork.getPrimaryResult().getScore())
                        .toArray();
                forks.put(name, nanos);
                Figures.tell("find." + name, size, "ns", Sample.of(nanos));
                // No object has less than 8 bytes: tenths are the profiler's own.
                Figures.tell(
                        "find." + name + ".allocated",
                        size,
                        "B",
                        Math.round(Objects.requireNonNull(
                                                        result.getSecondaryResults()
                                                                .get(ALLOCATED),
                                                        ALLOCATED)
                                                .getScore()
                                        * 10)
                                / 10.0);
            }
        }
        double[] map = forks.getOrDefault("map", new double[0]);
        forks.forEach((name, nanos) -> {
            if (!name.equals("map")) {
                double[] ratios = new double[FORKS];
                java.util.Arrays.setAll(ratios, i -> nanos[i] / map[i]);
                Figures.tell("find." + name + ".ratio.map", size, "x", Sample.of(ratios));
            }
        });
    }

    /** Parses a corpus; the ids that are asked for equal those of the policies and are not the same objects. */
    @Setup
    public void load() {
        PolicyParser parser = new PolicyParser(ParserLimits.DEFAULT);
        List<PolicyId> shuffled = new ArrayList<>();
        for (Document document : Corpus.of(policies, Corpus.SEED)) {
            DocumentOrigin origin = new DocumentOrigin("benchmark", document.path(), "", Optional.empty());
            for (Policy policy : parser.parse(document.text().getBytes(StandardCharsets.UTF_8), origin)
                    .policies()) {
                map.put(policy.id(), policy);
                shuffled.add(new PolicyId(policy.id().value()));
            }
        }
        Collections.shuffle(shuffled, new Random(Corpus.SEED));
        ids = shuffled.toArray(PolicyId[]::new);
        snapshot = new PolicySnapshot(PolicyVersion.NONE, PolicySet.of(map.values()), Map.of());
    }

    private PolicyId id() {
        next = next + 1 < ids.length ? next + 1 : 0;
        return ids[next];
    }

    /** A policy, as an engine asks for it. */
    @Benchmark
    public Policy find() {
        return snapshot.find(id()).orElseThrow();
    }

    /** The full answer, which tells what is blocked from what is not there. */
    @Benchmark
    public Object lookup() {
        return snapshot.lookup(id());
    }

    /** The same policy of a plain map. */
    @Benchmark
    public Policy map() {
        Policy policy = map.get(id());
        if (policy == null) {
            throw new IllegalStateException("not there");
        }
        return policy;
    }
}
