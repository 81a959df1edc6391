package io.authzengine.storage.config;

import io.authzengine.storage.driver.Staleness;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How the store treats what its driver brings. Immutable; change single values with the {@code with…} methods.
 *
 * @param onInvalid what becomes of a change set that holds something invalid. Default {@code hold}
 * @param initMode what to do if the backend cannot be reached at the start. Default {@code fail-fast}
 * @param maxVersions how many versions the history keeps, the current one among them; at least 2. Default 10
 * @param maxVersionAge how long after it was last served the history keeps a version. Default without end
 * @param guard which removals need to be confirmed
 * @param disk where something is kept that outlives the process. Default nowhere
 * @param staleness how old what is served may become. By default no age is too old
 * @param webhooks who is told of each change set by a call. By default nobody
 */
public record StoreSettings(
        OnInvalid onInvalid,
        InitMode initMode,
        int maxVersions,
        Optional<Duration> maxVersionAge,
        Guard guard,
        Disk disk,
        Staleness staleness,
        List<WebhookSettings> webhooks) {
    /** The settings that hold unless others are given. */
    public static final StoreSettings DEFAULT = new StoreSettings(
            OnInvalid.HOLD,
            InitMode.FAIL_FAST,
            10,
            Optional.empty(),
            Guard.DEFAULT,
            Disk.NONE,
            Staleness.NONE,
            List.of());

    /** The keys these settings have in the file; a driver whose settings stand beside them cannot use them. */
    static final List<String> KEYS = List.of(
            "onInvalid",
            "initMode",
            "maxVersions",
            "maxVersionAge",
            "guard",
            "softAge",
            "hardAge",
            "onHardAge",
            "webhooks",
            "cacheDir",
            "historyDir");

    private static final int MOST_VERSIONS = 100_000;

    /**
     * Which removals are suspicious: those of more than {@code minRemoved} policies that are also more than {@code
     * maxRemovedShare} of the set. A set that would become empty always is.
     *
     * @param maxRemovedShare the share of the set that may go at once, from 0 to 1. Default 0.5
     * @param minRemoved the number of policies that may always go at once. Default 10
     * @param agreeAfter after which time a second look that still says the same counts as confirmation. Default 20 s
     */
    public record Guard(double maxRemovedShare, int minRemoved, Duration agreeAfter) {
        /** The guard that holds unless another is given. */
        public static final Guard DEFAULT = new Guard(0.5, 10, Duration.ofSeconds(20));

        public Guard {
            if (!(maxRemovedShare >= 0 && maxRemovedShare <= 1)) {
                throw new IllegalArgumentException("maxRemovedShare is from 0 to 1, got " + maxRemovedShare);
            }
            if (minRemoved < 0) {
                throw new IllegalArgumentException("minRemoved is at least 0, got " + minRemoved);
            }
            requirePositive("agreeAfter", agreeAfter);
        }
    }

    /**
     * Directories for what outlives the process, each for one store alone.
     *
     * @param cacheDir where the offline copy is kept; empty if none is kept
     * @param historyDir where the history is kept; empty if it ends with the process
     */
    public record Disk(Optional<Path> cacheDir, Optional<Path> historyDir) {
        /** Nothing is kept. */
        public static final Disk NONE = new Disk(Optional.empty(), Optional.empty());

        public Disk {
            Objects.requireNonNull(cacheDir, "cacheDir");
            Objects.requireNonNull(historyDir, "historyDir");
            if (cacheDir.isPresent() && cacheDir.equals(historyDir)) {
                throw new IllegalArgumentException(
                        "cacheDir and historyDir are two directories, got " + cacheDir.get());
            }
        }
    }

    public StoreSettings {
        Objects.requireNonNull(onInvalid, "onInvalid");
        Objects.requireNonNull(initMode, "initMode");
        Objects.requireNonNull(guard, "guard");
        Objects.requireNonNull(disk, "disk");
        Objects.requireNonNull(staleness, "staleness");
        webhooks = List.copyOf(webhooks);
        if (maxVersions < 2) {
            throw new IllegalArgumentException(
                    "maxVersions is at least 2, the current one and one to return to, got " + maxVersions);
        }
        maxVersionAge.ifPresent(age -> requirePositive("maxVersionAge", age));
    }

    private static void requirePositive(String name, Duration age) {
        if (age.isZero() || age.isNegative()) {
            throw new IllegalArgumentException(name + " is longer than nothing, got " + age);
        }
    }

    /** Returns the settings in {@code block}; a problem is noted there and stands for the default. */
    static StoreSettings read(ConfigBlock block) {
        return new StoreSettings(
                block.choice("onInvalid", OnInvalid.class, DEFAULT.onInvalid),
                block.choice("initMode", InitMode.class, DEFAULT.initMode),
                (int) block.number("maxVersions", DEFAULT.maxVersions, 2, MOST_VERSIONS),
                block.optionalDuration("maxVersionAge", ChronoUnit.SECONDS),
                block.block("guard").map(StoreSettings::readGuard).orElse(Guard.DEFAULT),
                readDisk(block),
                Staleness.read(block),
                block.sections("webhooks").stream().map(WebhookSettings::read).toList());
    }

    private static Disk readDisk(ConfigBlock block) {
        Optional<Path> cacheDir = directory(block, "cacheDir");
        Optional<Path> historyDir = directory(block, "historyDir");
        if (cacheDir.isPresent() && cacheDir.equals(historyDir)) {
            block.reject("historyDir", "is the same directory as cacheDir; each needs one of its own");
            return Disk.NONE;
        }
        return new Disk(cacheDir, historyDir);
    }

    private static Optional<Path> directory(ConfigBlock block, String key) {
        try {
            return block.optionalText(key).map(block::resolve);
        } catch (InvalidPathException e) {
            block.reject(key, "is no path: " + e.getReason());
            return Optional.empty();
        }
    }

    private static Guard readGuard(ConfigBlock block) {
        return new Guard(
                block.share("maxRemovedShare", Guard.DEFAULT.maxRemovedShare),
                (int) block.number("minRemoved", Guard.DEFAULT.minRemoved, 0, Integer.MAX_VALUE),
                block.duration("agreeAfter", Guard.DEFAULT.agreeAfter, ChronoUnit.SECONDS));
    }

    /** Returns these settings with another treatment of what is invalid. */
    public StoreSettings withOnInvalid(OnInvalid treatment) {
        return new StoreSettings(treatment, initMode, maxVersions, maxVersionAge, guard, disk, staleness, webhooks);
    }

    /** Returns these settings with another behaviour at a start without the backend. */
    public StoreSettings withInitMode(InitMode mode) {
        return new StoreSettings(onInvalid, mode, maxVersions, maxVersionAge, guard, disk, staleness, webhooks);
    }

    /** Returns these settings with another length of the history. */
    public StoreSettings withMaxVersions(int count) {
        return new StoreSettings(onInvalid, initMode, count, maxVersionAge, guard, disk, staleness, webhooks);
    }

    /** Returns these settings with another time for which versions are kept. */
    public StoreSettings withMaxVersionAge(Duration age) {
        return new StoreSettings(onInvalid, initMode, maxVersions, Optional.of(age), guard, disk, staleness, webhooks);
    }

    /** Returns these settings with another guard. */
    public StoreSettings withGuard(Guard other) {
        return new StoreSettings(onInvalid, initMode, maxVersions, maxVersionAge, other, disk, staleness, webhooks);
    }

    /** Returns these settings with other limits on the age of what is served. */
    public StoreSettings withStaleness(Staleness other) {
        return new StoreSettings(onInvalid, initMode, maxVersions, maxVersionAge, guard, disk, other, webhooks);
    }

    /** Returns these settings with other webhooks. */
    public StoreSettings withWebhooks(List<WebhookSettings> others) {
        return new StoreSettings(onInvalid, initMode, maxVersions, maxVersionAge, guard, disk, staleness, others);
    }

    /** Returns these settings with other directories for what outlives the process. */
    public StoreSettings withDisk(Disk other) {
        return new StoreSettings(onInvalid, initMode, maxVersions, maxVersionAge, guard, other, staleness, webhooks);
    }
}
