package io.authzengine.storage.source;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which paths of a tree hold policy documents, the same for every backend that has paths. Left out are hidden names (those that
 * begin with a dot), the directories {@code _schemas} and {@code testdata}, tests ({@code …_test.yaml}), names without one of
 * the extensions, and what the exclude patterns match. Immutable.
 *
 * <p>Paths are relative to the tree's root and have {@code /} between their names. Extensions match in any case. In a pattern,
 * {@code *} and {@code ?} stand for characters of one name, {@code **} for any number of names, {@code [a-z]} and {@code {a,b}} for
 * choices; a pattern without {@code /} matches at any depth, and one that matches a directory leaves out all below it.
 */
public final class DocumentNames {
    /** The extensions that hold unless others are given. */
    public static final List<String> DEFAULT_EXTENSIONS = List.of(".yaml", ".yml", ".json");
    /** The patterns that are excluded unless others are given. */
    public static final List<String> DEFAULT_EXCLUDES = List.of("**/node_modules/**", "**/.git/**");

    private static final List<String> RESERVED_DIRECTORIES = List.of("_schemas", "testdata");
    private static final String TEST_SUFFIX = "_test";

    private final List<String> extensions;
    private final List<Pattern> excludes;
    private volatile @Nullable String lastOpen; // Paths mostly come in order, so the next is of the same directory.

    /**
     * @param extensions with or without their dot
     * @param excludes patterns of paths to leave out
     * @throws IllegalArgumentException if there is no extension, or a pattern cannot be understood
     */
    public DocumentNames(Collection<String> extensions, Collection<String> excludes) {
        this.extensions = extensions.stream().map(DocumentNames::normalized).toList();
        this.excludes = excludes.stream().map(GlobPattern::compile).toList();
        if (this.extensions.isEmpty()) {
            throw new IllegalArgumentException("without an extension no document would be found, such as .yaml");
        }
    }

    /** The rules with the default extensions and patterns. */
    public static DocumentNames defaults() {
        return new DocumentNames(DEFAULT_EXTENSIONS, DEFAULT_EXCLUDES);
    }

    private static String normalized(String extension) {
        String lower = extension.toLowerCase(Locale.ROOT);
        String dotted = lower.startsWith(".") ? lower : "." + lower;
        if (dotted.length() == 1 || dotted.indexOf('/') >= 0 || dotted.indexOf('*') >= 0) {
            throw new IllegalArgumentException("'" + extension + "' is no extension; write it like .yaml");
        }
        return dotted;
    }

    /** Returns whether {@code path} is a document's, judging every directory above it too. */
    public boolean matches(String path) {
        int end = path.lastIndexOf('/');
        return (end < 0 || isOpen(path.substring(0, end))) && isDocument(path);
    }

    private boolean isOpen(String directory) {
        if (directory.equals(lastOpen)) {
            return true;
        }
        for (int slash = directory.indexOf('/'); slash >= 0; slash = directory.indexOf('/', slash + 1)) {
            if (!mayHoldDocuments(directory.substring(0, slash))) {
                return false;
            }
        }
        boolean open = mayHoldDocuments(directory);
        if (open) {
            lastOpen = directory;
        }
        return open;
    }

    /** Returns whether the file {@code path} is a document, given that {@link #mayHoldDocuments} holds for each directory above it. */
    public boolean isDocument(String path) {
        String name = nameOf(path);
        String lower = name.toLowerCase(Locale.ROOT);
        for (String extension : extensions) {
            if (lower.endsWith(extension)) {
                String stem = name.substring(0, name.length() - extension.length());
                return !isHidden(name) && !stem.endsWith(TEST_SUFFIX) && !isExcluded(path);
            }
        }
        return false;
    }

    /**
     * Returns whether there may be documents directly in the directory {@code path} or below, given that the same holds for each
     * directory above it.
     */
    public boolean mayHoldDocuments(String path) {
        String name = nameOf(path);
        return !isHidden(name) && !RESERVED_DIRECTORIES.contains(name) && !isExcluded(path) && !isExcluded(path + "/");
    }

    /** Returns whether {@code name} is one that is never looked at, whatever it is. */
    public static boolean isHidden(String name) {
        return name.startsWith(".");
    }

    private boolean isExcluded(String path) {
        for (Pattern exclude : excludes) {
            if (exclude.matcher(path).matches()) {
                return true;
            }
        }
        return false;
    }

    private static String nameOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
