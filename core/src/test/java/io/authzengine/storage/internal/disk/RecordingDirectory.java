package io.authzengine.storage.internal.disk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/**
 * A directory in memory that knows what a crash may leave of it: content that was not brought to the disk may be lost, cut or garbled, and
 * each change of a name that was not brought to the disk may have happened or not.
 */
final class RecordingDirectory implements DiskDirectory {
    private static final int PIECE = 700;

    /** One file, whatever it is called. */
    private static final class Content {
        byte[] written = new byte[0];
        byte[] durable = new byte[0];
    }

    /** A change of names that the disk may not have yet. */
    private record Naming(String removed, String added, Content content) {}

    private final TreeMap<String, Content> names = new TreeMap<>();
    private final TreeMap<String, Content> durableNames = new TreeMap<>();
    private final List<Naming> pending = new ArrayList<>();
    private final Runnable beforeEach;
    private IntPredicate fails = operation -> false;
    private boolean forgetful;
    private int operations;

    /** @param beforeEach called before each operation that changes anything, so at each moment a crash can come */
    RecordingDirectory(Runnable beforeEach) {
        this.beforeEach = beforeEach;
    }

    RecordingDirectory() {
        this(() -> {});
    }

    /** Lets the operations fail whose numbers, from 1, {@code which} names. */
    void failAt(IntPredicate which) {
        operations = 0;
        fails = which;
    }

    /** From now on says that it has brought things to the disk, and does not. */
    void forget() {
        forgetful = true;
    }

    int operations() {
        return operations;
    }

    private void begin(String what) throws IOException {
        beforeEach.run();
        operations++;
        if (fails.test(operations)) {
            throw new IOException("no space left on device, as the test will have it, at " + what);
        }
    }

    /** Returns a directory as it may be found after a crash at this moment. */
    RecordingDirectory crashed(RandomGenerator random) {
        TreeMap<String, Content> left = new TreeMap<>(durableNames);
        int mode = random.nextInt(4); // All lost, all kept, or any of it.
        for (Naming naming : pending) {
            if (mode == 1 || (mode > 1 && random.nextBoolean())) {
                left.remove(naming.removed());
                if (!naming.added().isEmpty()) {
                    left.put(naming.added(), naming.content());
                }
            }
        }
        RecordingDirectory after = new RecordingDirectory();
        left.forEach((name, content) -> after.set(name, remains(content, mode, random)));
        return after;
    }

    private static byte[] remains(Content content, int mode, RandomGenerator random) {
        byte[] written = content.written;
        if (mode == 0 || Arrays.equals(written, content.durable)) {
            return content.durable;
        }
        if (mode == 1) {
            return written;
        }
        byte[] torn = Arrays.copyOf(written, random.nextInt(written.length + 1));
        if (torn.length > 0 && random.nextBoolean()) {
            Arrays.fill(torn, random.nextInt(torn.length), torn.length, (byte) 0);
        }
        return torn;
    }

    /** Puts a file there for good. */
    void set(String name, byte[] bytes) {
        Content content = new Content();
        content.written = bytes;
        content.durable = bytes;
        names.put(name, content);
        durableNames.put(name, content);
    }

    Map<String, byte[]> files() {
        TreeMap<String, byte[]> files = new TreeMap<>();
        names.forEach((name, content) -> files.put(name, content.written));
        return files;
    }

    @Override
    public void create() {}

    @Override
    public List<String> list() {
        return List.copyOf(names.keySet());
    }

    @Override
    public Source open(String name) throws IOException {
        Content content = names.get(name);
        if (content == null) {
            throw new NoSuchFileException(name);
        }
        byte[] bytes = content.written;
        return new Source() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public void read(long at, byte[] into, int length) {
                System.arraycopy(bytes, (int) at, into, 0, length);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void write(String name, DiskDirectory.Content what) throws IOException {
        begin("create " + name);
        Content content = new Content();
        names.put(name, content);
        pending.add(new Naming(name, name, content));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        what.writeTo(new OutputStream() {
            @Override
            public void write(int b) {
                all.write(b);
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                all.write(bytes, from, length);
            }
        });
        byte[] bytes = all.toByteArray();
        for (int end = Math.min(PIECE, bytes.length); ; end = Math.min(end + PIECE, bytes.length)) {
            begin("write " + name);
            content.written = Arrays.copyOf(bytes, end);
            if (end == bytes.length) {
                return;
            }
        }
    }

    @Override
    public void sync(String name) throws IOException {
        begin("sync " + name);
        Content content = names.get(name);
        if (content != null && !forgetful) {
            content.durable = content.written;
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        begin("rename " + from);
        Content content = names.remove(from);
        if (content == null) {
            throw new NoSuchFileException(from);
        }
        names.put(to, content);
        pending.add(new Naming(from, to, content));
    }

    @Override
    public void delete(String name) throws IOException {
        begin("delete " + name);
        Content content = names.remove(name);
        if (content != null) {
            pending.add(new Naming(name, "", content));
        }
    }

    @Override
    public void syncDirectory() throws IOException {
        begin("sync of the directory");
        if (!forgetful) {
            durableNames.clear();
            durableNames.putAll(names);
            pending.clear();
        }
    }
}
