package io.authzengine.storage.source;

import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is special about a backend: how to list, how to read, how to be told. All else is written once, in {@link SourceDriver}.
 *
 * <p><b>Protocol.</b> {@link #open} first, {@link #close} last; in between {@link #manifest} and {@link #read}, never two calls at
 * a time but not always on the same thread; no locks are needed. After a failed {@code open} the source is closed, and may be
 * opened again. Each call may block up to the call timeout of its context and is interrupted then and on close: it must then end
 * soon with any exception. A source does not retry, sleep, log what it throws, or keep what it read.
 *
 * <p><b>Failures</b> are {@link StorageException}s; anything else becomes SD-000. A failure says nothing about the content: never
 * answer an error with an empty or shortened manifest.
 */
public interface PolicySource extends AutoCloseable {
    /**
     * Connects, and checks that what is configured is there.
     *
     * @throws StorageException SD-001, SD-002, SD-006 or SD-007
     */
    void open(SourceContext context);

    /**
     * Returns what the backend holds now.
     *
     * @param last the revision of the manifest that was last taken in; {@link Revision#NONE} if everything is wanted, whatever was
     *     seen before
     * @return empty if there is nothing new since {@code last}: the cheap answer, only allowed if {@code last} is not {@code NONE}
     * @throws StorageException if there is no complete answer
     */
    Optional<Manifest> manifest(Revision last);

    /**
     * Returns how old what the last call of {@link #manifest} said was already when it said it: zero, unless there is something between
     * this source and where policies are written, such as another store or a cache. The look counts as that old, so that what is held
     * grows stale by its own limits although each look comes back. Asked for after each {@code manifest} that did not fail; asks nobody.
     */
    default Duration age() {
        return Duration.ZERO;
    }

    /**
     * Reads the content of {@code wanted} into {@code into}, each exactly once, in any order and from any thread, before it returns.
     * Reads at the moment of {@code at} where the backend can; where it cannot, and an entry is not any more what {@code at} says,
     * it tells {@link Sink#moved}.
     *
     * @throws StorageException if the backend fails as a whole; nothing of this read is used then
     */
    void read(Manifest at, List<SourceEntry> wanted, Sink into);

    /**
     * Calls {@code lookNow} whenever a look may be worth while, until {@link #close}. A hint carries no data and may be lost, doubled
     * or wrong. Called once, after {@code open}; does nothing by default. The source may keep one named daemon thread for it.
     *
     * @throws StorageException SD-005 if the backend's signals cannot be had; polling goes on, and it is tried again
     */
    default void onHint(HintListener listener) {}

    /**
     * Returns whether a process that meets the token of {@code entry} again some day, at this location, can be sure of the same content
     * without reading it: a hash of it, a version that is never given twice. By default it cannot.
     */
    default boolean tokenLasts(SourceEntry entry) {
        return false;
    }

    /** Frees all that is held; idempotent, and safe while another call is under way. */
    @Override
    void close();

    /** Takes in what a source reads. Thread-safe. */
    interface Sink {
        /** The content of {@code entry} is {@code bytes}, which must not be changed any more. */
        void accept(SourceEntry entry, byte[] bytes);

        /** {@code entry} alone cannot be read, such as for lack of permission; what it last held stays. */
        void failed(SourceEntry entry, StorageException failure);

        /**
         * What the backend says of {@code entry} contradicts itself, and {@link #accept} got what counts. It is served; {@code doubt},
         * a warning, is told and health is degraded until the entry is read again without one.
         */
        default void doubt(SourceEntry entry, Finding doubt) {}

        /** {@code entry} has changed or gone since the manifest was made; the whole look is taken again, a few times at most. */
        void moved(SourceEntry entry);
    }

    /** Is told what a source's watch has to say. Thread-safe; returns at once. */
    interface HintListener {
        /** A look may be worth while. */
        void lookNow();

        /**
         * The watch is asked for, but the backend has yet to answer: {@link #holds} or {@link #lost} says how it did. Told before {@link
         * PolicySource#onHint} returns; a watch of which it is not told holds from then on.
         */
        default void pending() {}

        /** The backend has answered the watch that was {@link #pending}: if it is lost later, that is a loss of its own. */
        default void holds() {}

        /** The watch has ended by itself or does not see everything; it is started again, and polling goes on. */
        void lost(StorageException reason);

        /** The watch cannot be had here, for {@code reason}; polling alone goes on, and health says so. */
        void pollingOnly(String reason);
    }
}
