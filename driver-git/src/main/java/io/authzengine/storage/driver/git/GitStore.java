package io.authzengine.storage.driver.git;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/**
 * What was fetched: a bare repository of this driver's own, with one ref at the commit that was last taken. Locked against other processes
 * and other drivers. It holds nothing that the remote does not, so whatever is wrong with it is healed by making it anew.
 */
final class GitStore implements AutoCloseable {
    private static final String REPOSITORY = "policies.git";
    private static final String LOCK = "driver.lock";
    private static final String TIP = "refs/policies/tip";
    /** Each fetch leaves a pack, and each pack is looked through for each object. */
    private static final int MANY_PACKS = 24;

    private static final int TOO_MANY_PACKS = 256;

    private final Path directory;
    private final boolean temporary;
    private final FileChannel lock;
    private Repository repository;

    private GitStore(Path directory, boolean temporary, FileChannel lock, Repository repository) {
        this.directory = directory;
        this.temporary = temporary;
        this.lock = lock;
        this.repository = repository;
    }

    /** The directory belongs to somebody else. */
    static final class InUseException extends IOException {
        private static final long serialVersionUID = 1L;

        InUseException(Path directory) {
            super("another process or driver uses " + directory);
        }
    }

    /** Opens the store in {@code localPath}, or in a temporary directory that is removed with it. */
    static GitStore open(Optional<Path> localPath) throws IOException {
        Path directory = localPath.isPresent()
                ? privateDirectory(localPath.get())
                : Files.createTempDirectory("authz-storage-git-");
        FileChannel lock = lock(directory);
        try {
            return new GitStore(directory, localPath.isEmpty(), lock, openOrCreate(directory.resolve(REPOSITORY)));
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static Path privateDirectory(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return path;
        }
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? Files.createDirectories(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
                : Files.createDirectories(path);
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = null;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Another driver of this process: the same as another process.
            held = null;
        } finally {
            if (held == null) {
                channel.close();
            }
        }
        if (held == null) {
            throw new InUseException(directory);
        }
        return channel;
    }

    private static Repository openOrCreate(Path path) throws IOException {
        removeLeftOvers(path);
        if (Files.exists(path)) {
            try {
                return openExisting(path);
            } catch (IOException | RuntimeException e) {
                delete(path); // Nothing in it that the remote does not have.
            }
        }
        return create(path);
    }

    private static Repository openExisting(Path path) throws IOException {
        Repository repository = builder(path).setMustExist(true).build();
        try {
            Ref tip = repository.exactRef(TIP);
            if (tip != null && tip.getObjectId() == null) {
                throw new IOException("its ref is broken");
            }
            return configure(repository);
        } catch (IOException | RuntimeException e) {
            repository.close();
            throw e;
        }
    }

    private static Repository create(Path path) throws IOException {
        Repository repository = builder(path).build();
        repository.create(true);
        return configure(repository);
    }

    private static FileRepositoryBuilder builder(Path path) {
        return new FileRepositoryBuilder().setBare().setGitDir(path.toFile());
    }

    private static Repository configure(Repository repository) throws IOException {
        StoredConfig config = repository.getConfig();
        try {
            config.load();
        } catch (ConfigInvalidException e) {
            throw new IOException(e);
        }
        config.setInt("gc", null, "auto", 0);
        config.setBoolean("gc", null, "autoDetach", false);
        config.setInt("protocol", null, "version", 2);
        // Packing is to be quick: what the remote has made small stays so, and nobody fetches from here.
        config.setBoolean("pack", null, "deltaCompression", false);
        config.setBoolean("pack", null, "buildBitmaps", false);
        config.setString("http", null, "followRedirects", "initial");
        return repository;
    }

    /** A crash leaves locks and halves of packs; as the store is locked, nobody is working on them. */
    private static void removeLeftOvers(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String name = file.getFileName().toString();
                if (name.endsWith(".lock")
                        || name.endsWith(".keep")
                        || name.startsWith("incoming_")
                        || name.startsWith("noz")
                        || name.startsWith("gc_")
                        || name.equals("gc.pid")) {
                    Files.deleteIfExists(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    Repository repository() {
        return repository;
    }

    /** Returns a directory without any configuration, to stand for the user's. */
    File home() {
        return directory.resolve("home").toFile();
    }

    /** Returns whether {@code commit} is here. */
    boolean has(ObjectId commit) throws IOException {
        try (ObjectReader reader = repository.newObjectReader()) {
            return reader.has(commit);
        }
    }

    /** Notes that {@code commit} is taken: what leads to it is kept from now on. */
    void accept(ObjectId commit) throws IOException {
        RefUpdate update = repository.updateRef(TIP);
        update.setNewObjectId(commit);
        update.setForceUpdate(true);
        update.disableRefLog();
        RefUpdate.Result result = update.update();
        if (result == RefUpdate.Result.LOCK_FAILURE || result == RefUpdate.Result.IO_FAILURE) {
            throw new IOException("the ref of the local repository cannot be written: " + result);
        }
    }

    /** Returns how many bytes it takes. */
    long size() throws IOException {
        long[] size = {0};
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                size[0] += attributes.size();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE; // Renamed meanwhile.
                }
                throw e;
            }
        });
        return size[0];
    }

    /** Returns whether so many fetches have left their packs that one is to be made of them when there is time. */
    boolean wantsPacking() {
        return packs() > MANY_PACKS;
    }

    /** Returns whether there are so many that it cannot wait. */
    boolean needsPacking() {
        return packs() > TOO_MANY_PACKS;
    }

    private int packs() {
        String[] packs =
                new File(repository.getDirectory(), "objects/pack").list((dir, name) -> name.endsWith(".pack"));
        return packs == null ? 0 : packs.length;
    }

    /** Makes one pack of what the ref leads to, and drops everything else. */
    void compact() throws IOException {
        StorePacking.pack(repository);
        keepKnown();
    }

    /** The commits at which a shallow history ends, without those that are no longer here. */
    private void keepKnown() throws IOException {
        Set<ObjectId> known = new HashSet<>();
        for (ObjectId commit : repository.getObjectDatabase().getShallowCommits()) {
            if (has(commit)) {
                known.add(commit);
            }
        }
        repository.getObjectDatabase().setShallowCommits(known);
    }

    /** Throws away what is here and begins with nothing. */
    void rebuild() throws IOException {
        repository.close();
        Path path = directory.resolve(REPOSITORY);
        delete(path);
        repository = create(path);
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, java.io.IOException e) throws IOException {
                Files.deleteIfExists(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public void close() throws IOException {
        repository.close();
        // The descriptors of packs stay open in a cache of JGit's that is for all repositories of the process.
        repository.getObjectDatabase().close();
        try {
            if (temporary) {
                delete(directory);
            }
        } finally {
            lock.close();
        }
    }
}
