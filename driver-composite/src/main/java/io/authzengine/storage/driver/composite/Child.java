package io.authzengine.storage.driver.composite;

import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.LoadResult;
import io.authzengine.storage.driver.PolicyChangeListener;
import io.authzengine.storage.driver.StartOptions;
import io.authzengine.storage.driver.StorageDriver;
import io.authzengine.storage.driver.Subscription;
import io.authzengine.storage.error.StorageException;
import io.authzengine.storage.snapshot.PolicyChangeSet;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One driver of a composite, and the last it is known to have. Thread-safe. */
final class Child {
    private final ChildDriver part;
    private final BiConsumer<Child, String> onNews;
    private final BiConsumer<Child, StorageException> onFailure;

    private final Object lock = new Object();
    // All below are guarded by the lock.
    private LoadResult latest;
    private boolean failing;
    private boolean initialised;
    private @Nullable Subscription subscription;

    /**
     * @param onNews told that a look is over, and why it was taken
     * @param onFailure told that a look failed
     */
    Child(ChildDriver part, BiConsumer<Child, String> onNews, BiConsumer<Child, StorageException> onFailure) {
        this.part = part;
        this.onNews = onNews;
        this.onFailure = onFailure;
        this.latest = LoadResult.none(part.driver().id());
    }

    StorageDriver driver() {
        return part.driver();
    }

    String id() {
        return part.driver().id();
    }

    /** Returns its id, and those of the drivers it is made of. */
    Stream<String> ids() {
        return driver() instanceof CompositeDriver composite
                ? Stream.concat(Stream.of(id()), composite.ids())
                : Stream.of(id());
    }

    boolean isRequired() {
        return part.isRequired();
    }

    Duration loadTimeout() {
        return part.loadTimeout();
    }

    /** Returns the last it is known to have. */
    LoadResult latest() {
        synchronized (lock) {
            return latest;
        }
    }

    /** Returns whether its last look is known to have failed. */
    boolean isFailing() {
        synchronized (lock) {
            return failing;
        }
    }

    /** Loads for the first time; blocks. */
    void init() {
        part.driver().init();
        synchronized (lock) {
            initialised = true;
        }
        answered(part.driver().load());
    }

    /** Looks; blocks. A first load that has failed is made up for. */
    void look(CheckMode mode) {
        boolean first;
        synchronized (lock) {
            first = !initialised;
        }
        if (first) {
            init();
        } else {
            part.driver().checkNow(mode);
            answered(part.driver().load());
        }
    }

    /** Notes that a look failed. */
    void failed() {
        synchronized (lock) {
            failing = true;
        }
    }

    private void answered(LoadResult result) {
        synchronized (lock) {
            failing = false;
            boolean newer = result.sequence() > latest.sequence()
                    || (result.sequence() == latest.sequence() && result.looks() > latest.looks());
            if (newer) {
                latest = result;
            }
        }
    }

    /** Begins to follow the backend. */
    void start(StartOptions options) {
        synchronized (lock) {
            if (subscription == null) {
                subscription = part.driver().watch(new Listener());
            }
        }
        part.driver().start(options);
    }

    /** Begins to follow the backend with a load that is over when this returns. */
    void startLoaded(StartOptions options) {
        start(options);
        answered(part.driver().load());
    }

    void close() {
        Subscription ended;
        synchronized (lock) {
            ended = subscription;
            subscription = null;
        }
        Optional.ofNullable(ended).ifPresent(Subscription::close);
        part.driver().close();
    }

    private final class Listener implements PolicyChangeListener {
        private String cause = "init"; // Only the delivering thread uses it.

        @Override
        public void onChange(PolicyChangeSet changes) {
            cause = changes.cause();
        }

        @Override
        public void onLook(LoadResult result) {
            answered(result);
            onNews.accept(Child.this, cause);
        }

        @Override
        public void onFailure(StorageException failure) {
            failed();
            onFailure.accept(Child.this, failure);
        }
    }
}
