package io.authzengine.storage.driver.filesystem;

import java.nio.file.Path;

/**
 * One of the configured paths.
 *
 * @param shown as it was configured, with {@code /} between the names
 * @param path the same, absolute
 * @param isRelative whether it was configured without its beginning
 */
record PolicyRoot(String shown, Path path, boolean isRelative) {
    static PolicyRoot of(Path configured, Path base) {
        String separator = configured.getFileSystem().getSeparator();
        String text = configured.toString().replace(separator, "/");
        Path absolute =
                configured.isAbsolute() ? configured : base.resolve(configured).toAbsolutePath();
        return new PolicyRoot(text.isEmpty() ? "." : text, absolute, !configured.isAbsolute());
    }

    /** Returns the location of what lies at {@code relative} below this; empty for the root itself. */
    String location(String relative) {
        return relative.isEmpty() ? shown : shown.endsWith("/") ? shown + relative : shown + "/" + relative;
    }
}
