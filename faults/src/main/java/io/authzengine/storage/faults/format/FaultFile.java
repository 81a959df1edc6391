package io.authzengine.storage.faults.format;

import io.authzengine.storage.faults.policy.FaultPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A file of fault policies by name, in JSON ({@code .json}) or YAML ({@code .yaml}, {@code .yml}). */
public final class FaultFile {
    private static final int MAX_BYTES = 1024 * 1024;

    private FaultFile() {}

    /**
     * Returns the policies of {@code file} in its order. Either all of them are right, or none is returned.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException naming the file, the policy and the field that will not do
     */
    public static Map<String, FaultPolicy> read(Path file) throws IOException {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (!name.endsWith(".json") && !name.endsWith(".yaml") && !name.endsWith(".yml")) {
            throw new IllegalArgumentException(file + ": expected a name that ends in .json, .yaml or .yml");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new IllegalArgumentException(file + ": is larger than " + MAX_BYTES + " bytes");
        }
        String text = Files.readString(file, StandardCharsets.UTF_8);
        try {
            return policies(name.endsWith(".json") ? JsonTree.read(text) : YamlTree.read(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, FaultPolicy> policies(Object root) {
        if (!(root instanceof Map<?, ?> byName)) {
            throw new IllegalArgumentException("expected a mapping of policies by name");
        }
        Map<String, FaultPolicy> policies = new LinkedHashMap<>();
        byName.forEach((key, value) -> {
            String name = String.valueOf(key);
            if (name.isBlank()) {
                throw new IllegalArgumentException("a policy has a name");
            }
            if (!(value instanceof Map<?, ?> entry)) {
                throw new IllegalArgumentException(name + ": expected a mapping of fields");
            }
            Map<String, Object> fields = new LinkedHashMap<>();
            entry.forEach((field, content) -> fields.put(String.valueOf(field), content));
            policies.put(name, FaultFields.parse(name, fields));
        });
        return policies;
    }
}
