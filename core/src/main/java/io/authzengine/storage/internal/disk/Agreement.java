package io.authzengine.storage.internal.disk;

import io.authzengine.storage.policy.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * When what is kept in a directory last agreed with its backend, in a small file of its own: that changes with each look, where what is
 * kept does not. A file that is lost or was changed says nothing, and then what is kept counts as old as it is.
 */
final class Agreement {
    private static final String FILE = "agreed";
    private static final String FORMAT = "AZAGREED 1";

    private Agreement() {}

    static Optional<Instant> read(DiskDirectory directory, String storeId) throws IOException {
        if (!directory.list().contains(FILE)) {
            return Optional.empty();
        }
        List<String> lines =
                new String(directory.read(FILE), StandardCharsets.UTF_8).lines().toList();
        boolean whole = lines.size() == 3
                && lines.get(0).equals(FORMAT)
                && lines.get(1).matches("\\d{1,15}")
                && lines.get(2).equals(sum(storeId, lines.get(1)));
        return whole ? Optional.of(Instant.ofEpochMilli(Long.parseLong(lines.get(1)))) : Optional.empty();
    }

    static void write(DiskDirectory directory, String storeId, Instant at) throws IOException {
        String millis = Long.toString(Math.max(0, at.toEpochMilli()));
        byte[] text = (FORMAT + "\n" + millis + "\n" + sum(storeId, millis) + "\n").getBytes(StandardCharsets.UTF_8);
        String unfinished = FILE + SegmentName.UNFINISHED;
        directory.write(unfinished, out -> out.write(text));
        directory.sync(unfinished);
        directory.rename(unfinished, FILE);
        directory.syncDirectory();
    }

    private static String sum(String storeId, String millis) {
        byte[] text = (FORMAT + "\n" + storeId + "\n" + millis).getBytes(StandardCharsets.UTF_8);
        return Sha256.hex(text);
    }
}
