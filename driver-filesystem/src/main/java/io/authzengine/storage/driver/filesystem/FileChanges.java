package io.authzengine.storage.driver.filesystem;

import io.authzengine.storage.error.NotFoundException;
import io.authzengine.storage.error.Problem;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.RawText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Gathers what becomes of files, and does it. What else is in a file that holds several policies stays as it is. For one thread. */
final class FileChanges {
    private static final String MARKER = "---";

    private final NewFiles newFiles;
    private final FilesystemErrors errors;
    private final Map<Path, String> contents = new TreeMap<>();
    private final Set<Path> deletions = new TreeSet<>();

    FileChanges(NewFiles newFiles, FilesystemErrors errors) {
        this.newFiles = newFiles;
        this.errors = errors;
    }

    void add(Policy policy) {
        contents.put(newFiles.fileOf(policy), policy.raw().toString());
    }

    void replace(Path file, Policy old, Policy policy) throws IOException {
        if (NewFiles.mayHold(file, policy.raw())) {
            exchange(file, old, fitted(policy.raw().toString(), old.raw().toString()));
        } else {
            remove(file, old);
            add(policy);
        }
    }

    /** Returns {@code text} so that what comes before and after {@code old} in its file stays a document of its own. */
    private static String fitted(String text, String old) {
        String begun = old.startsWith(MARKER) && !text.startsWith(MARKER) ? MARKER + "\n" + text : text;
        return begun.endsWith("\n") || !old.endsWith("\n") ? begun : begun + "\n";
    }

    /** Returns whether two texts are the same document, be it alone in its file or one of several. */
    static boolean isSame(Policy one, Policy other) {
        return one.metadata().contentHash().equals(other.metadata().contentHash())
                || body(one.raw()).equals(body(other.raw()));
    }

    private static String body(RawText raw) {
        String text = raw.toString().stripTrailing();
        int end = text.indexOf('\n');
        return end > 0 && text.substring(0, end).strip().equals(MARKER) ? text.substring(end + 1) : text;
    }

    void remove(Path file, Policy old) throws IOException {
        exchange(file, old, "");
        if (contents.getOrDefault(file, "").lines().allMatch(FileChanges::saysNothing)) {
            contents.remove(file);
            deletions.add(file);
        }
    }

    private static boolean saysNothing(String line) {
        String text = line.strip();
        return text.isEmpty() || text.startsWith("#") || text.equals("---") || text.equals("...");
    }

    private void exchange(Path file, Policy old, String text) throws IOException {
        String before = contents.get(file);
        if (before == null) {
            before = Files.readString(file, StandardCharsets.UTF_8);
        }
        String was = old.raw().toString();
        int at = before.indexOf(was);
        if (at < 0) {
            throw new NotFoundException(
                    Problem.in(errors.driverId(), "the file was changed while it was being compared")
                            .at(file.toString())
                            .remedy("do the same again"));
        }
        contents.put(file, before.substring(0, at) + text + before.substring(at + was.length()));
    }

    /** Does it: nothing of it before all of it is on the disk under other names. */
    void apply() throws IOException {
        Map<Path, Path> staged = new LinkedHashMap<>();
        Set<Path> directories = new HashSet<>();
        try {
            for (Map.Entry<Path, String> content : contents.entrySet()) {
                Files.createDirectories(content.getKey().resolveSibling(""));
                Path target = AtomicFiles.target(content.getKey());
                byte[] bytes = content.getValue().getBytes(StandardCharsets.UTF_8);
                staged.put(AtomicFiles.stage(target, bytes, true), target);
                directories.add(target.resolveSibling(""));
            }
            for (Map.Entry<Path, Path> one : new HashMap<>(staged).entrySet()) {
                Files.move(one.getKey(), one.getValue(), StandardCopyOption.ATOMIC_MOVE);
                staged.remove(one.getKey());
            }
            for (Path file : deletions) {
                Files.deleteIfExists(file);
                directories.add(file.toAbsolutePath().resolveSibling(""));
            }
        } finally {
            for (Path left : staged.keySet()) {
                Files.deleteIfExists(left);
            }
        }
        for (Path directory : directories) {
            AtomicFiles.sync(directory);
        }
    }
}
