package io.authzengine.storage.driver.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A credential, or the file it stands in. A file is read whenever the credential is needed, so that whoever changes it need restart
 * nothing. Immutable and thread-safe; its text is never shown.
 */
public final class GitSecret {
    private static final String FILE = "file:";

    private final String text;
    private final Path file;
    private final boolean isFile;

    private GitSecret(String text, Path file, boolean isFile) {
        this.text = text;
        this.file = file;
        this.isFile = isFile;
    }

    /** Returns the credential that is {@code text} itself. */
    public static GitSecret of(String text) {
        return new GitSecret(Objects.requireNonNull(text, "text"), Path.of(""), false);
    }

    /** Returns the credential that {@code file} holds whenever it is needed; white space around it does not count. */
    public static GitSecret in(Path file) {
        return new GitSecret("", Objects.requireNonNull(file, "file"), true);
    }

    /** Reads a setting that is either a text or {@code file:} and a path. */
    static GitSecret parse(String setting, java.util.function.Function<String, Path> resolve) {
        return setting.startsWith(FILE) ? in(resolve.apply(setting.substring(FILE.length()))) : of(setting);
    }

    /** Returns the text as it is now. */
    String read() throws IOException {
        return isFile ? Files.readString(file, StandardCharsets.UTF_8).strip() : text;
    }

    @Override
    public String toString() {
        return isFile ? FILE + file : "***";
    }
}
