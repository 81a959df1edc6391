package io.authzengine.storage.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Short ways from a text to what is tested. */
final class ConfigTexts {
    static final String NAME = "storage.yaml";

    private ConfigTexts() {}

    static StorageConfig parse(String yaml) {
        return StorageConfig.parse(yaml, NAME, Map.of());
    }

    /** Returns the outermost block of {@code yaml}, whatever is in it. */
    static ConfigBlock block(String yaml) {
        return block(yaml, Map.of());
    }

    static ConfigBlock block(String yaml, Map<String, String> environment) {
        Path directory = Path.of("").toAbsolutePath();
        return new YamlReader(yaml, NAME, Interpolation.installed(environment, directory), new ArrayList<>())
                .read()
                .map(root -> new ConfigBlock(root, directory))
                .orElseThrow();
    }

    static ConfigException refusal(ThrowingCallable code) {
        ConfigException refusal = catchThrowableOfType(ConfigException.class, code);
        if (refusal == null) {
            throw new AssertionError("nothing was refused");
        }
        return refusal;
    }

    static List<String> refusalLines(ThrowingCallable code) {
        return Objects.requireNonNull(refusal(code).getMessage()).lines().toList();
    }

    static List<String> problemsOf(String yaml) {
        return refusalLines(() -> parse(yaml));
    }
}
