package io.authzengine.storage.driver.git;

import java.io.File;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the git configuration of the user and of the machine away from this driver, whose settings alone say what it does. JGit has one
 * {@link SystemReader} for all; the one set here answers differently only on threads that are inside a call of this driver.
 */
final class CleanSystem extends SystemReader.Delegate {
    private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);

    private final SystemReader original;

    private CleanSystem(SystemReader original) {
        super(original);
        this.original = original;
    }

    /** Makes a call that sees no configuration but that of its repository. */
    static <T> T call(Callable<T> call) throws Exception {
        synchronized (CleanSystem.class) {
            // Looked at each time, as the application may have set one of its own since.
            SystemReader current = SystemReader.getInstance();
            if (!(current instanceof CleanSystem)) {
                SystemReader.setInstance(new CleanSystem(current));
                // Measuring how exact the clock of the file system is takes seconds; nobody else writes where we do.
                FS.FileStoreAttributes.setBackground(true);
            }
        }
        boolean before = INSIDE.get();
        INSIDE.set(true);
        try {
            return call.call();
        } finally {
            INSIDE.set(before);
        }
    }

    @Override
    public StoredConfig getUserConfig() throws ConfigInvalidException, IOException {
        return INSIDE.get() ? new EmptyConfig() : original.getUserConfig();
    }

    @Override
    public StoredConfig getSystemConfig() throws ConfigInvalidException, IOException {
        return INSIDE.get() ? new EmptyConfig() : original.getSystemConfig();
    }

    @Override
    public StoredConfig getJGitConfig() throws ConfigInvalidException, IOException {
        return INSIDE.get() ? new EmptyConfig() : original.getJGitConfig();
    }

    @Override
    public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
        return INSIDE.get() ? new EmptyConfig() : original.openUserConfig(parent, fs);
    }

    @Override
    public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
        return INSIDE.get() ? new EmptyConfig() : original.openSystemConfig(parent, fs);
    }

    @Override
    public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
        return INSIDE.get() ? new EmptyConfig() : original.openJGitConfig(parent, fs);
    }

    /** A configuration that says nothing and writes nothing. */
    private static final class EmptyConfig extends FileBasedConfig {
        EmptyConfig() {
            super(new File("none"), FS.DETECTED);
        }

        @Override
        public void load() {
            clear();
        }

        @Override
        public void save() {
            clear();
        }

        @Override
        public boolean isOutdated() {
            return false;
        }
    }
}
