package io.authzengine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tests that the documentation names as holding what is promised. */
class ScenariosTest {
    private static final Pattern NAMED = Pattern.compile("`(\\w+Test)#(\\w+)`");

    @ParameterizedTest
    @CsvSource({"docs/scenarios.md, 26", "docs/security.md, 60"})
    void allExist(String page, int least) throws IOException {
        Path root = Path.of("..").toRealPath();
        Map<String, String> sources = sources(root);
        List<String> missing = new ArrayList<>();
        Matcher named = NAMED.matcher(Files.readString(root.resolve(page)));
        int count = 0;
        while (named.find()) {
            count++;
            String source = sources.getOrDefault(named.group(1) + ".java", "");
            if (!source.contains("void " + named.group(2) + "(")) {
                missing.add(named.group());
            }
        }
        assertThat(missing).isEmpty();
        assertThat(count).isGreaterThanOrEqualTo(least);
    }

    /** Returns the tests of all modules by file name; where several have one name, all of them. */
    private static Map<String, String> sources(Path root) throws IOException {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path tests : modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(tests)) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        sources.merge(String.valueOf(file.getFileName()), Files.readString(file), String::concat);
                    }
                }
            }
        }
        return sources;
    }
}
