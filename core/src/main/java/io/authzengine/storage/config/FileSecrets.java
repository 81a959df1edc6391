package io.authzengine.storage.config;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** {@code ${file:/path}}: the content of a file without the newline it ends in, as container platforms mount their secrets. */
final class FileSecrets implements SecretResolver {
    private final Path directory;

    FileSecrets(Path directory) {
        this.directory = directory;
    }

    @Override
    public String scheme() {
        return "file";
    }

    @Override
    public String resolve(String reference) throws IOException {
        Path file;
        try {
            file = directory.resolve(reference);
        } catch (InvalidPathException e) {
            throw new IOException("this is no path", e);
        }
        try {
            return withoutLastNewline(TextFile.read(file));
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static String withoutLastNewline(String text) {
        if (text.endsWith("\r\n")) {
            return text.substring(0, text.length() - 2);
        }
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }
}
