package io.authzengine.storage.internal;

import io.authzengine.storage.config.WebhookSettings;
import io.authzengine.storage.policy.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits for one webhook, oldest first; when it is full the oldest makes room. With a file it survives a restart: the file is
 * written whole and moved into place at each change, so that it is always one of the states there were. Thread-safe.
 */
final class WebhookQueue {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookQueue.class);
    private static final int NAME_DIGITS = 12;
    private static final int FIELDS = 3;

    private final int capacity;
    private final Optional<Path> file;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>(); // Guarded by this.
    private boolean restored; // Guarded by this.
    private boolean failing; // Guarded by this.

    /**
     * One call to be made.
     *
     * @param id the same at each retry, so that the receiver can tell
     * @param event the name of the event; without spaces
     * @param body one line of JSON
     */
    record Entry(String id, String event, String body) {
        private String line() {
            return id + " " + event + " " + body + "\n";
        }

        private static Optional<Entry> read(String line) {
            String[] fields = line.split(" ", FIELDS);
            return fields.length == FIELDS ? Optional.of(new Entry(fields[0], fields[1], fields[2])) : Optional.empty();
        }
    }

    private WebhookQueue(int capacity, Optional<Path> file) {
        this.capacity = capacity;
        this.file = file;
    }

    /** Returns a queue that is lost at a restart. */
    static WebhookQueue inMemory(int capacity) {
        return new WebhookQueue(capacity, Optional.empty());
    }

    /** Returns the queue of {@code webhook} in {@code directory}, with what waited when it was last used. Reads it when it is first used. */
    static WebhookQueue in(Path directory, WebhookSettings webhook) {
        Path file = directory.resolve(
                "webhook-" + Sha256.hex(webhook.url().toString()).substring(0, NAME_DIGITS) + ".queue");
        return new WebhookQueue(webhook.capacity(), Optional.of(file));
    }

    private void restore() {
        if (!restored) {
            restored = true;
            file.ifPresent(this::restore);
        }
    }

    private void restore(Path from) {
        try {
            if (Files.exists(from)) {
                List<Entry> known = Files.readAllLines(from, StandardCharsets.UTF_8).stream()
                        .map(Entry::read)
                        .flatMap(Optional::stream)
                        .toList();
                known.stream().skip(Math.max(0, known.size() - capacity)).forEach(entries::add);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("The calls to webhooks that waited cannot be read from {}: {}; they are not made", from, e);
        }
    }

    /**
     * Adds a call at the end.
     *
     * @return how many made room for it
     */
    synchronized int add(Entry entry) {
        restore();
        int dropped = 0;
        while (entries.size() >= capacity) {
            entries.remove();
            dropped++;
        }
        entries.add(entry);
        save();
        return dropped;
    }

    /** Returns the call to be made next. */
    synchronized Optional<Entry> first() {
        restore();
        return Optional.ofNullable(entries.peek());
    }

    /** Takes out a call that is over; it may have made room meanwhile. */
    synchronized void remove(Entry entry) {
        if (entries.remove(entry)) {
            save();
        }
    }

    synchronized int size() {
        return entries.size();
    }

    private void save() {
        if (file.isEmpty()) {
            return;
        }
        Path target = file.get();
        Path temporary = target.resolveSibling(target.getFileName() + ".new");
        try {
            byte[] content = entries.stream()
                    .map(Entry::line)
                    .collect(Collectors.joining())
                    .getBytes(StandardCharsets.UTF_8);
            Files.deleteIfExists(temporary);
            try (FileChannel channel = FileChannel.open(
                    temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly(target))) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.warn(
                        "The calls to webhooks that wait cannot be kept in {}: {}; a restart would lose them",
                        target,
                        e);
            }
            failing = true;
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path path) {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
