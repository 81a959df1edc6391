package io.authzengine.storage.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is true: its Java compiles and runs, and what it links to is there. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private Path directory = Path.of("");

    @Test
    void theJavaExampleCompilesAndRuns() throws Exception {
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme());
        assertThat(block.find()).isTrue();
        String program = """
                import io.authzengine.storage.*;
                import io.authzengine.storage.config.*;
                import io.authzengine.storage.policy.*;
                import io.authzengine.storage.snapshot.*;
                import java.nio.file.Path;

                public class Example {
                    public static void main(String[] args) throws Exception {
                %s
                    }
                }
                """.formatted(block.group(1));
        compile(program);
        Process run = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        directory + System.getProperty("path.separator") + System.getProperty("java.class.path"),
                        "Example")
                .directory(ROOT.resolve("examples/quickstart").toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(run.waitFor()).as(output).isZero();
        assertThat(output).contains("Active[policy=resource.leave_request.vdefault");
    }

    private void compile(String program) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        SimpleJavaFileObject source =
                new SimpleJavaFileObject(URI.create("string:///Example.java"), SimpleJavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return program;
                    }
                };
        boolean compiled = compiler.getTask(
                        null,
                        null,
                        null,
                        List.of("-d", directory.toString(), "-cp", System.getProperty("java.class.path")),
                        null,
                        List.of(source))
                .call();
        assertThat(compiled).as(program).isTrue();
    }

    @Test
    void whatThePagesLinkToIsThere() throws IOException {
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            Stream<Path> pages = Stream.concat(top, docs);
            for (Path page :
                    pages.filter(path -> path.toString().endsWith(".md")).toList()) {
                Matcher link = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)").matcher(Files.readString(page));
                while (link.find()) {
                    assertThat(page.resolveSibling(link.group(1)))
                            .as("linked from " + page)
                            .exists();
                }
            }
        }
    }

    @Test
    void everyModuleIsInTheTable() throws IOException {
        String modules = Files.readString(ROOT.resolve("pom.xml"));
        Matcher module = Pattern.compile("<module>(.*?)</module>").matcher(modules);
        while (module.find()) {
            assertThat(readme()).contains("[`" + module.group(1) + "/`]");
        }
    }

    private static String readme() throws IOException {
        return Files.readString(ROOT.resolve("README.md"));
    }
}
