package io.authzengine.storage.benchmarks.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a set of policies, one a file, is like: how many there are of each kind, how long they are, how much they hold. Two sets of one shape cost
 * the same to load.
 *
 * @param policies how many
 * @param sizes mean bytes by kind
 * @param kinds how many by kind
 * @param parts what else there is how often
 * @param bytes the sizes of all, ascending
 */
public record CorpusShape(
        int policies,
        Map<String, Integer> kinds,
        Map<String, Double> sizes,
        Map<String, Integer> parts,
        List<Integer> bytes) {
    private static final Pattern KIND = Pattern.compile("(?m)^(\\w+(Policy|Roles|Variables|Constants)):");
    private static final Map<String, Pattern> PARTS = Map.of(
            "rules", Pattern.compile("- name: rule_"),
            "conditions", Pattern.compile("condition:"),
            "expressions", Pattern.compile("expr:"),
            "outputs", Pattern.compile("output:"),
            "schemas referred to", Pattern.compile("cerbos:///"),
            "scoped", Pattern.compile("(?m)^  scope:"),
            "imports", Pattern.compile("(?m)import:|importDerivedRoles:"));

    /** Compares the policies in a directory, the only argument, with as many that are generated; prints both, and the ratios. */
    public static void main(String[] args) throws IOException {
        CorpusShape theirs = ofDirectory(Path.of(args[0]));
        CorpusShape ours = of(Corpus.of(theirs.policies(), Corpus.SEED).stream()
                .map(Document::text)
                .toList());
        System.out.printf("%-32s %10s %10s%n", "", "found", "generated");
        ours.kinds.forEach((kind, count) -> print(kind, theirs.kinds.getOrDefault(kind, 0), count));
        ours.sizes.forEach((kind, mean) -> print("bytes of " + kind, theirs.sizes.getOrDefault(kind, 0.0), mean));
        ours.parts.forEach((part, count) -> print(part, theirs.parts.getOrDefault(part, 0), count));
        print("bytes, least", theirs.bytes.get(0), ours.bytes.get(0));
        print("bytes, median", theirs.bytes.get(theirs.policies / 2), ours.bytes.get(ours.policies / 2));
        print("bytes, mean", theirs.meanBytes(), ours.meanBytes());
        print("bytes, most", theirs.bytes.get(theirs.policies - 1), ours.bytes.get(ours.policies - 1));
    }

    private static void print(String what, double theirs, double ours) {
        System.out.printf(Locale.ROOT, "%-32s %10.0f %10.0f  %.3f%n", what, theirs, ours, ours / theirs);
    }

    /** Returns the shape of the YAML files below {@code directory}. */
    public static CorpusShape ofDirectory(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return of(files.filter(file -> file.toString().endsWith(".yaml"))
                    .map(CorpusShape::text)
                    .toList());
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the shape of documents with one policy each.
     *
     * @throws IllegalArgumentException if one has none
     */
    public static CorpusShape of(List<String> texts) {
        Map<String, List<Integer>> byKind = new TreeMap<>();
        Map<String, Integer> parts = new TreeMap<>();
        for (String text : texts) {
            String kind = KIND.matcher(text)
                    .results()
                    .map(found -> found.group(1))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no policy: " + text));
            byKind.computeIfAbsent(kind, name -> new ArrayList<>()).add(text.getBytes(StandardCharsets.UTF_8).length);
            PARTS.forEach((part, pattern) ->
                    parts.merge(part, (int) pattern.matcher(text).results().count(), Integer::sum));
        }
        Map<String, Integer> kinds = new TreeMap<>();
        Map<String, Double> sizes = new TreeMap<>();
        byKind.forEach((kind, bytes) -> {
            kinds.put(kind, bytes.size());
            sizes.put(kind, mean(bytes));
        });
        List<Integer> all =
                byKind.values().stream().flatMap(List::stream).sorted().toList();
        return new CorpusShape(texts.size(), kinds, sizes, parts, all);
    }

    /** Returns the mean size of all. */
    public double meanBytes() {
        return mean(bytes);
    }

    private static double mean(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).average().orElse(0);
    }
}
