package io.authzengine.storage.trust;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Remembers the greatest number that was accepted, in a small file that is there whole or not at all. What cannot be remembered is
 * not accepted. To be used by one process at a time.
 */
final class AcceptedNumber {
    private static final String FORMAT = "accepted 1 ";

    private final Path file;

    /** @param file where it is kept; its directory is made when it is first needed */
    AcceptedNumber(Path file) {
        this.file = file;
    }

    /** A number and the digest of the document it was given to. */
    record Accepted(long number, String digest) {}

    /**
     * Returns what was accepted last; empty if nothing ever was.
     *
     * @throws IOException if that cannot be known: the file is there and says nothing that can be read
     */
    Optional<Accepted> last() throws IOException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.US_ASCII);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        String[] words = text.split("[ \n]", -1);
        boolean sound = text.startsWith(FORMAT)
                && words.length == 5
                && words[2].matches("[1-9][0-9]{0,18}")
                && words[3].matches("[0-9a-f]{64}");
        if (!sound) {
            throw new IOException(file + " is damaged, so it is not known what was accepted last");
        }
        return Optional.of(new Accepted(Long.parseLong(words[2]), words[3]));
    }

    /** Remembers {@code accepted}; when this returns, it is on the disk. */
    void remember(Accepted accepted) throws IOException {
        Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
        Path next = directory.resolve(file.getFileName() + ".next");
        byte[] text = (FORMAT + accepted.number() + " " + accepted.digest() + "\n").getBytes(StandardCharsets.US_ASCII);
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer buffer = ByteBuffer.wrap(text);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
            entry.force(true); // The rename itself.
        }
    }

    Path file() {
        return file;
    }
}
