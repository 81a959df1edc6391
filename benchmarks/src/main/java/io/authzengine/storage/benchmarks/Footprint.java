package io.authzengine.storage.benchmarks;

import io.authzengine.storage.benchmarks.measure.Figures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Measures the jars an application gets with core: its own and those of what its POM and theirs ask for at run time. */
public final class Footprint {
    private static final Path LIBRARIES = Path.of("benchmarks/target/lib");
    private static final double MEGABYTE = 1e6;
    private static final Pattern DEPENDENCY = Pattern.compile("<dependency>(.*?)</dependency>", Pattern.DOTALL);
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>(.*?)</artifactId>");
    private static final Pattern ELSEWHERE =
            Pattern.compile("<scope>(test|provided|import)</scope>|<optional>true</optional>");
    private static final Pattern MANAGED = Pattern.compile(
            "<dependencyManagement>.*?</dependencyManagement>|<(build|profiles)>.*?</\\1>", Pattern.DOTALL);

    private final Map<String, Long> bytes = new TreeMap<>();

    private Footprint() {}

    /** Runs without arguments; prints a line for each jar, and the sum. */
    public static void main(String[] args) throws IOException {
        Footprint footprint = new Footprint();
        footprint.add("storage-core");
        footprint.bytes.forEach((jar, size) -> System.out.printf(Locale.ROOT, "%,10d bytes  %s%n", size, jar));
        Figures.tell("footprint.jars", 0, "jars", footprint.bytes.size());
        Figures.tell(
                "footprint.core",
                0,
                "MB",
                footprint.bytes.values().stream().mapToLong(Long::longValue).sum() / MEGABYTE);
    }

    private void add(String artifact) throws IOException {
        Optional<Path> found = jar(artifact);
        if (found.isEmpty()) {
            return; // Packed into the jar that asks for it.
        }
        Path jar = found.get();
        if (bytes.put(jar.getFileName().toString(), Files.size(jar)) == null) {
            for (String needed : needs(jar, artifact)) {
                add(needed);
            }
        }
    }

    private static Optional<Path> jar(String artifact) throws IOException {
        Pattern name = Pattern.compile(Pattern.quote(artifact) + "-\\d.*\\.jar");
        try (Stream<Path> jars = Files.list(LIBRARIES)) {
            return jars.filter(jar -> name.matcher(jar.getFileName().toString()).matches())
                    .findFirst();
        }
    }

    private static List<String> needs(Path jar, String artifact) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            JarEntry pom = file.stream()
                    .filter(entry -> entry.getName().endsWith("/" + artifact + "/pom.xml"))
                    .findFirst()
                    .orElse(null);
            if (pom == null) {
                return List.of();
            }
            try (InputStream in = file.getInputStream(pom)) {
                String text = MANAGED.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                        .replaceAll("");
                return DEPENDENCY
                        .matcher(text)
                        .results()
                        .map(found -> found.group(1))
                        .filter(dependency -> !ELSEWHERE.matcher(dependency).find())
                        .map(Footprint::artifact)
                        .toList();
            }
        }
    }

    private static String artifact(String dependency) {
        Matcher artifact = ARTIFACT.matcher(dependency);
        if (!artifact.find()) {
            throw new IllegalStateException("a dependency without a name");
        }
        return artifact.group(1);
    }
}
