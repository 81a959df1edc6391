package io.authzengine.storage.driver.filesystem;

import io.authzengine.storage.error.Problem;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.RawText;
import io.authzengine.storage.policy.Sha256;
import io.authzengine.storage.source.DocumentNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Which file a policy gets that has none yet: one named after its id, with a digest where the name alone would not tell ids apart. */
final class NewFiles {
    private static final int LONGEST_NAME = 120;
    private static final int DIGEST_CHARS = 10;
    private static final String JSON = ".json";

    private final FilesystemConfig config;
    private final DocumentNames names;

    NewFiles(FilesystemConfig config) {
        this.config = config;
        this.names = config.names();
    }

    /** @throws ValidationException if there is no directory for it, or the driver would not look at the file */
    Path fileOf(Policy policy) {
        PolicyRoot root = config.roots().stream()
                .filter(one -> !Files.isRegularFile(one.path()))
                .findFirst()
                .orElseThrow(() -> new ValidationException(
                        Problem.in(config.id(), "there is no directory for new policies, such as " + policy.id())
                                .remedy("let 'paths' name one")));
        String name = name(policy.id().value()) + extension(policy.raw());
        if (!names.matches(name)) {
            throw new ValidationException(Problem.in(config.id(), "'exclude' leaves out the file of " + policy.id())
                    .at(root.location(name))
                    .remedy("change the pattern"));
        }
        return root.path().resolve(name);
    }

    private String extension(RawText text) {
        List<String> known =
                config.extensions().stream().filter(one -> !isJson(one)).toList();
        boolean json = isJsonText(text) && known.size() < config.extensions().size();
        if (!json && known.isEmpty()) {
            throw new ValidationException(Problem.in(config.id(), "a policy is YAML, and 'extensions' names only JSON")
                    .remedy("add .yaml to 'extensions'"));
        }
        String chosen = json ? JSON : known.get(0);
        return chosen.startsWith(".") ? chosen : "." + chosen;
    }

    private static boolean isJson(String extension) {
        return extension.toLowerCase(Locale.ROOT).endsWith("json");
    }

    /** Returns whether a file of this name may hold this text. */
    static boolean mayHold(Path file, RawText text) {
        return !isJson(file.toString()) || isJsonText(text);
    }

    private static boolean isJsonText(RawText text) {
        return text.toString().stripLeading().startsWith("{");
    }

    private static String name(String id) {
        StringBuilder name = new StringBuilder();
        id.chars().forEach(c -> name.append(isPlain(c) ? (char) c : '_'));
        boolean tells = name.toString().equals(id) && name.length() <= LONGEST_NAME && !id.endsWith("_test");
        if (!tells) {
            name.setLength(Math.min(name.length(), LONGEST_NAME));
            name.append('-').append(Sha256.hex(id).substring(0, DIGEST_CHARS));
        }
        return name.toString();
    }

    /** Capital letters are none: some file systems do not tell them apart. */
    private static boolean isPlain(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    }
}
