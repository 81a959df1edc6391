package io.authzengine.storage.driver.filesystem;

import io.authzengine.storage.policy.Sha256;
import io.authzengine.storage.source.DocumentNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The settings of a filesystem driver. Start with {@link #of} and change single values with the {@code with…} methods.
 *
 * @param givenId the id of the driver; empty for one that is made of the paths
 * @param paths directories and files of policies, at least one
 * @param base the directory that relative paths start from; default the working directory
 * @param extensions endings of the names of documents, in any case. Default {@code .yaml}, {@code .yml}, {@code .json}
 * @param exclude patterns of paths to leave out, relative to each directory. Default {@code **}{@code /node_modules/**} and {@code
 *     **}{@code /.git/**}
 * @param recursive whether documents are looked for below subdirectories too. Default true
 * @param watch whether the system's events are used; polling goes on in any case. Default true
 * @param watchQuietPeriod how long all must be quiet before changes are taken up, and how long a file must not have been written
 *     to. Default 50 ms
 * @param watchDebounce how long a change is held back at most, however many follow. Default 1 s
 * @param rescanInterval time between looks at everything, which find what no event told. Default 30 s
 * @param callTimeout how long one look or one reading may take. Default 30 s
 * @sdd 5.1
 */
public record FilesystemConfig(
        Optional<String> givenId,
        List<Path> paths,
        Path base,
        List<String> extensions,
        List<String> exclude,
        boolean recursive,
        boolean watch,
        Duration watchQuietPeriod,
        Duration watchDebounce,
        Duration rescanInterval,
        Duration callTimeout) {
    static final Duration DEFAULT_QUIET_PERIOD = Duration.ofMillis(50);
    static final Duration DEFAULT_DEBOUNCE = Duration.ofSeconds(1);
    static final Duration DEFAULT_RESCAN = Duration.ofSeconds(30);
    static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private static final int ID_DIGITS = 8;

    /** @throws IllegalArgumentException if a value will not do; the message names it */
    public FilesystemConfig {
        paths = List.copyOf(paths);
        extensions = List.copyOf(extensions);
        exclude = List.copyOf(exclude);
        if (paths.isEmpty()) {
            throw new IllegalArgumentException("paths: name at least one directory or file of policies");
        }
        if (isNotPositive(watchQuietPeriod) || isNotPositive(rescanInterval) || isNotPositive(callTimeout)) {
            throw new IllegalArgumentException(
                    "watchQuietPeriod, rescanInterval and callTimeout are longer than nothing");
        }
        if (watchDebounce.compareTo(watchQuietPeriod) < 0) {
            throw new IllegalArgumentException("watchDebounce (" + watchDebounce.toMillis()
                    + " ms) is the longest a change is held back, so it cannot be shorter than watchQuietPeriod ("
                    + watchQuietPeriod.toMillis() + " ms)");
        }
        names(extensions, exclude);
    }

    private static boolean isNotPositive(Duration time) {
        return time.isNegative() || time.isZero();
    }

    private static DocumentNames names(List<String> extensions, List<String> exclude) {
        return new DocumentNames(extensions, exclude);
    }

    /** Returns the default settings for {@code paths}. */
    public static FilesystemConfig of(Path... paths) {
        return new FilesystemConfig(
                Optional.empty(),
                List.of(paths),
                Path.of(""),
                DocumentNames.DEFAULT_EXTENSIONS,
                DocumentNames.DEFAULT_EXCLUDES,
                true,
                true,
                DEFAULT_QUIET_PERIOD,
                DEFAULT_DEBOUNCE,
                DEFAULT_RESCAN,
                DEFAULT_TIMEOUT);
    }

    /** Returns the id of the driver: the given one, or {@code fs-} and a digest of the paths, whatever their order. */
    public String id() {
        return givenId.orElseGet(() -> "fs-" + digest());
    }

    private String digest() {
        String canonical = roots().stream()
                .map(root -> root.path().normalize().toString())
                .distinct()
                .sorted()
                .collect(Collectors.joining("\0"));
        return Sha256.hex(canonical).substring(0, ID_DIGITS);
    }

    DocumentNames names() {
        return names(extensions, exclude);
    }

    List<PolicyRoot> roots() {
        return paths.stream().map(path -> PolicyRoot.of(path, base)).distinct().toList();
    }

    /** Returns these settings with an id. */
    public FilesystemConfig withId(String id) {
        return with(Optional.of(id), base, extensions, exclude, recursive, watch);
    }

    /** Returns these settings with another directory that relative paths start from. */
    public FilesystemConfig withBase(Path directory) {
        return with(givenId, directory, extensions, exclude, recursive, watch);
    }

    /** Returns these settings with other endings of the names of documents. */
    public FilesystemConfig withExtensions(List<String> endings) {
        return with(givenId, base, endings, exclude, recursive, watch);
    }

    /** Returns these settings with other patterns of paths to leave out. */
    public FilesystemConfig withExclude(List<String> patterns) {
        return with(givenId, base, extensions, patterns, recursive, watch);
    }

    /** Returns these settings without documents of subdirectories. */
    public FilesystemConfig withoutSubdirectories() {
        return with(givenId, base, extensions, exclude, false, watch);
    }

    /** Returns these settings without the system's events. */
    public FilesystemConfig withoutWatch() {
        return with(givenId, base, extensions, exclude, recursive, false);
    }

    private FilesystemConfig with(
            Optional<String> id,
            Path directory,
            List<String> endings,
            List<String> patterns,
            boolean subdirectories,
            boolean events) {
        return new FilesystemConfig(
                id,
                paths,
                directory,
                endings,
                patterns,
                subdirectories,
                events,
                watchQuietPeriod,
                watchDebounce,
                rescanInterval,
                callTimeout);
    }

    /** Returns these settings with other bounds on how changes are gathered. */
    public FilesystemConfig withDebounce(Duration quietPeriod, Duration longest) {
        return withTimes(quietPeriod, longest, rescanInterval, callTimeout);
    }

    /** Returns these settings with another time between looks at everything. */
    public FilesystemConfig withRescanInterval(Duration time) {
        return withTimes(watchQuietPeriod, watchDebounce, time, callTimeout);
    }

    /** Returns these settings with another deadline for each look and each reading. */
    public FilesystemConfig withCallTimeout(Duration time) {
        return withTimes(watchQuietPeriod, watchDebounce, rescanInterval, time);
    }

    private FilesystemConfig withTimes(Duration quiet, Duration debounce, Duration rescan, Duration timeout) {
        return new FilesystemConfig(
                givenId, paths, base, extensions, exclude, recursive, watch, quiet, debounce, rescan, timeout);
    }
}
