package io.authzengine.storage.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.git.remote.Origin;
import io.authzengine.storage.testkit.SamplePolicies;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jars that {@code -Pdist} makes, as they are handed to somebody. */
@EnabledIfSystemProperty(named = "policyd.dist", matches = ".+", disabledReason = "built with -Pdist only")
final class PackagingTest {
    private final Path dist = Path.of(System.getProperty("policyd.dist", ""));
    private final Path quickstart = Path.of(System.getProperty("policyd.quickstart", ""));

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"policyd.jar", "policyd-slim.jar"})
    void oneJarServesTheQuickstart(String jar) throws Exception {
        PolicydProcess.Ended ended = PolicydProcess.runJava(
                "-jar",
                dist.resolve(jar).toString(),
                "serve",
                quickstart.resolve("storage.yaml").toString(),
                "--listen",
                "127.0.0.1:0",
                "--exit-when-ready");

        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("policyd is serving 8 policies").doesNotContain("SLF4J", "WARN", "ERROR");
    }

    @Test
    void theJarHasAllDriversAndTheSlimOneThoseThatNeedNothingElse() throws Exception {
        assertThat(version("policyd.jar"))
                .contains("drivers: ")
                .contains("blob", "composite", "database", "filesystem", "git", "http");
        assertThat(version("policyd-slim.jar"))
                .contains("composite", "filesystem", "http")
                .doesNotContain("git", "database");
    }

    private String version(String jar) throws Exception {
        return PolicydProcess.runJava("-jar", dist.resolve(jar).toString(), "--version")
                .output();
    }

    @ParameterizedTest
    @ValueSource(strings = {"policyd.jar", "policyd-slim.jar"})
    void theJarHasOurLicenceAndThoseOfOthersAndNoSignatureOfAnybody(String name) throws IOException {
        try (JarFile jar = new JarFile(dist.resolve(name).toFile())) {
            List<String> entries =
                    jar.stream().map(java.util.zip.ZipEntry::getName).toList();
            assertThat(entries).doesNotHaveDuplicates().contains("META-INF/LICENSE", "META-INF/NOTICE");
            assertThat(entries)
                    .noneMatch(entry -> entry.matches("META-INF/[^/]*\\.(SF|RSA|DSA|EC)|(.*/)?module-info\\.class"));
            assertThat(text(jar, "META-INF/LICENSE")).containsIgnoringCase("Apache License");
            assertThat(text(jar, "META-INF/LICENSE.txt")).contains("QOS.ch");
        }
    }

    private static String text(JarFile jar, String entry) throws IOException {
        return new String(jar.getInputStream(jar.getEntry(entry)).readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void theSlimJarTakesADriverFromTheClassPath() throws Exception {
        Path config = Files.writeString(directory.resolve("storage.yaml"), """
                storage:
                  driver: git
                  git:
                    repository: %s
                    branch: main
                """.formatted(
                        directory.resolve("origin.git").toUri()));
        PolicydProcess.Ended ended;
        try (Origin origin = Origin.create(directory.resolve("origin.git"))) {
            origin.with("album.yaml", SamplePolicies.resource("album")).commit("first");
            ended = PolicydProcess.runJava(
                    "-cp",
                    withDriver(
                            "storage-driver-git-",
                            "org.eclipse.jgit",
                            "JavaEWAH",
                            "commons-codec",
                            "sshd-",
                            "bc",
                            "jna"),
                    PolicydProcess.MAIN,
                    "serve",
                    config.toString(),
                    "--listen",
                    "127.0.0.1:0",
                    "--exit-when-ready");
        }

        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("policyd is serving 1 policy");
    }

    @Test
    void theSlimJarSaysWhatIsMissingForAnotherDriver() throws Exception {
        Path config = Files.writeString(
                directory.resolve("storage.yaml"),
                "storage:\n  driver: git\n  git:\n    repository: https://git.example.com/p.git\n");

        PolicydProcess.Ended ended =
                PolicydProcess.runJava("-jar", dist.resolve("policyd-slim.jar").toString(), "serve", config.toString());

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.output()).contains("storage-driver-git").doesNotContain("\tat ");
    }

    private String withDriver(String... jars) throws IOException {
        List<String> path =
                new ArrayList<>(List.of(dist.resolve("policyd-slim.jar").toString()));
        try (Stream<Path> lib = Files.list(Path.of(PolicydProcess.required("policyd.lib")))) {
            path.addAll(lib.map(Path::toString)
                    .filter(jar -> Stream.of(jars)
                            .anyMatch(wanted ->
                                    Path.of(jar).getFileName().toString().startsWith(wanted)))
                    .collect(Collectors.toList()));
        }
        return String.join(File.pathSeparator, path);
    }
}
