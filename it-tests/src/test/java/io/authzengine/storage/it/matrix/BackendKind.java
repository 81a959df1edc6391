package io.authzengine.storage.it.matrix;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The columns of the matrix: each sort of backend, and what cannot be done to it. */
@SuppressWarnings("ImmutableEnumChecker") // The starter is a method reference and the map is never changed.
enum BackendKind {
    FILESYSTEM(
            "filesystem",
            FilesystemBackend::start,
            Map.of(
                    Harm.WIRE, Reason.NO_WIRE,
                    Harm.KILLED, Reason.NO_PROCESS,
                    Harm.REVOKED, Reason.NO_CREDENTIALS,
                    Harm.BUSY, Reason.NO_PROCESS,
                    Harm.CUT_SHORT, Reason.NO_TRANSFER,
                    Harm.MUTE, Reason.WATCH_ELSEWHERE)),
    GIT_HTTP("git http", GitHttpBackend::start, Map.of(Harm.MUTE, Reason.NO_HINTS, Harm.REPLACED, Reason.NO_ROOT)),
    GIT_SSH(
            "git ssh",
            GitSshBackend::start,
            Map.of(
                    Harm.BUSY, Reason.NO_STATUS,
                    Harm.CUT_SHORT, Reason.FRAMED,
                    Harm.MUTE, Reason.NO_HINTS,
                    Harm.REPLACED, Reason.NO_ROOT)),
    POSTGRESQL(
            "postgresql",
            DatabaseBackend::postgresql,
            Map.of(Harm.BUSY, Reason.NO_STATUS, Harm.CUT_SHORT, Reason.FRAMED, Harm.REPLACED, Reason.NO_ROOT)),
    MARIADB(
            "mariadb",
            DatabaseBackend::mariadb,
            Map.of(
                    Harm.BUSY, Reason.NO_STATUS,
                    Harm.CUT_SHORT, Reason.FRAMED,
                    Harm.MUTE, Reason.NO_HINTS,
                    Harm.REPLACED, Reason.NO_ROOT)),
    S3("s3", BucketBackend::s3, Map.of(Harm.MUTE, Reason.NO_HINTS, Harm.REPLACED, Reason.NO_ROOT)),
    GCS("gcs", BucketBackend::gcs, Map.of(Harm.MUTE, Reason.NO_HINTS, Harm.REPLACED, Reason.NO_ROOT)),
    AZURE("azure", BucketBackend::azure, Map.of(Harm.MUTE, Reason.NO_HINTS, Harm.REPLACED, Reason.NO_ROOT)),
    HTTP("http", HttpBackend::start, Map.of(Harm.MUTE, Reason.NO_HINTS, Harm.REPLACED, Reason.NO_ROOT)),
    COMPOSITE("composite", CompositeBackend::start, Map.of(Harm.MUTE, Reason.NO_HINTS, Harm.REPLACED, Reason.NO_ROOT));

    private static final class Reason {
        static final String NO_WIRE = "There is no connection to a directory.";
        static final String NO_PROCESS = "There is no server that serves a directory.";
        static final String NO_CREDENTIALS = "A directory asks nobody who he is.";
        static final String NO_TRANSFER =
                "Nothing is transferred; files that are being written are the matter of the driver's own tests.";
        static final String NO_STATUS = "The protocol has no such answer; too many connections are refused ones, F13.";
        static final String FRAMED = "What ends too early is a broken connection here, F16: lengths are told before.";
        static final String NO_HINTS = "The driver polls, as set up here; there is no notification to lose.";
        static final String WATCH_ELSEWHERE =
                "The system's events cannot be kept from the driver; its own tests do that with a watch of their own.";
        static final String NO_ROOT = "There is no directory that could be replaced; F24 is what comes near.";
    }

    /** Starts a backend with {@code directory} for all that it writes. */
    interface Starter {
        BackendUnderTest start(Path directory) throws Exception;
    }

    private final String title;
    private final Starter starter;
    private final Map<Harm, String> impossible;

    BackendKind(String title, Starter starter, Map<Harm, String> impossible) {
        this.title = title;
        this.starter = starter;
        this.impossible = new EnumMap<>(impossible);
    }

    String title() {
        return title;
    }

    BackendUnderTest start(Path directory) throws Exception {
        return starter.start(directory);
    }

    /** Returns why {@code row} does not apply; empty if it does. */
    Optional<String> whyNot(Row row) {
        return row.needs().map(impossible::get).filter(Objects::nonNull).findFirst();
    }

    /** Returns how it is made to be down. */
    Harm down() {
        return impossible.containsKey(Harm.KILLED) ? Harm.GONE : Harm.KILLED;
    }
}
