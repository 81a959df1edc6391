package io.authzengine.storage.testkit;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.driver.StorageDriver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The promises of {@link StorageDriver}, as checks that every driver passes, by topic. Each check is named after its promise; the checks of a
 * scenario share one driver. Extend it in a class of your own and give it a harness of
 * five methods: {@link #open}, {@link #put}, {@link #remove}, {@link #breakDown} and {@link #heal}. What a backend cannot do is
 * said by overriding one of the other methods; all of them begin with the strictest answer.
 *
 * <p>Runs in real time, as real backends do, and waits for conditions, never for a time. What was checked is written to {@code target/tck}, as JSON and as a page, by
 * {@link ContractReport}.
 */
@ExtendWith(ContractReport.class)
public abstract class StorageDriverContract {
    private Set<Thread> threadsBefore = Set.of();
    private ContractWorld world = new ContractWorld();
    private @Nullable ContractRun current;

    /** Makes a driver over a backend of its own that is there and holds nothing. Called once for each scenario. */
    protected abstract StorageDriver open(StorageContext context) throws Exception;

    /** Puts documents into the backend, by name such as {@code album.yaml}; as one change where the backend knows such a thing. */
    protected abstract void put(Map<String, String> documents) throws Exception;

    /** Removes the documents of these names from the backend; as one change where the backend knows such a thing. */
    protected abstract void remove(Set<String> names) throws Exception;

    /** Makes the backend unreachable, or makes it disappear, without touching what it holds. */
    protected abstract void breakDown() throws Exception;

    /** Undoes {@link #breakDown}. */
    protected abstract void heal() throws Exception;

    /** Returns whether one {@link #put} of several documents must arrive as one change set. */
    protected boolean changesAreOneUnit() {
        return true;
    }

    /** Returns whether a document may stand at any name, so that two can define the same policy. */
    protected boolean namesAreFree() {
        return true;
    }

    /** Returns the ids that policies may name as the driver that read them; those of its children if it is made of drivers. */
    protected Set<String> origins(StorageDriver driver) {
        return Set.of(driver.id());
    }

    /** Returns what must never be shown: the credentials the driver was given. */
    protected List<String> secrets() {
        return List.of();
    }

    /** Returns whether {@code thread} outlives the driver by right: one of a backend that runs in this process, or of all clients of a library. */
    protected boolean mayOutlive(Thread thread) {
        return false;
    }

    /** Returns how long to wait for what must happen sooner or later. */
    protected Duration patience() {
        return Duration.ofSeconds(60);
    }

    @BeforeEach
    final void begin() throws Exception {
        threadsBefore = Thread.getAllStackTraces().keySet();
        world = new ContractWorld();
        current = new ContractRun(open(world.context()), world.context(), patience());
    }

    @AfterEach
    final void everythingEndsWithTheDriver() throws Exception {
        run().close();
        heal();
        run().await(
                        "all threads of the driver and its context to end",
                        () -> threadsLeft().isEmpty());
    }

    private List<Thread> threadsLeft() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !threadsBefore.contains(thread) && !mayOutlive(thread))
                .filter(thread ->
                        thread != Thread.currentThread()) // A new one where JUnit bounds the time of a method.
                .filter(thread -> thread.getThreadGroup() != null
                        && !"system".equals(thread.getThreadGroup().getName()))
                .filter(thread -> !thread.getName().startsWith("ForkJoinPool.commonPool"))
                // Of the HTTP client of Java 17, which cannot be closed: ends when it is garbage.
                .filter(thread -> !thread.getName().startsWith("HttpClient-"))
                .toList();
    }

    final ContractRun run() {
        return Objects.requireNonNull(current, "begin() comes first");
    }

    final ContractWorld world() {
        return world;
    }

    @Nested
    class Starting extends StartingTopic {
        Starting() {
            super(StorageDriverContract.this);
        }
    }

    @Nested
    class Reading extends ReadingTopic {
        Reading() {
            super(StorageDriverContract.this);
        }
    }

    @Nested
    class Content extends ContentTopic {
        Content() {
            super(StorageDriverContract.this);
        }
    }

    @Nested
    class Changes extends ChangeTopic {
        Changes() {
            super(StorageDriverContract.this);
        }
    }

    @Nested
    class Following extends FollowingTopic {
        Following() {
            super(StorageDriverContract.this);
        }
    }

    @Nested
    class Listeners extends ListenerTopic {
        Listeners() {
            super(StorageDriverContract.this);
        }
    }

    @Nested
    class Health extends HealthTopic {
        Health() {
            super(StorageDriverContract.this);
        }
    }

    @Nested
    class BrokenDocuments extends BrokenDocumentTopic {
        BrokenDocuments() {
            super(StorageDriverContract.this);
        }
    }

    @Nested
    class Outages extends OutageTopic {
        Outages() {
            super(StorageDriverContract.this);
        }
    }

    @Nested
    class Disturbances extends DisturbanceTopic {
        Disturbances() {
            super(StorageDriverContract.this);
        }
    }

    @Nested
    class BadLinks extends LinkTopic {
        BadLinks() {
            super(StorageDriverContract.this);
        }
    }

    @Nested
    class Closing extends ClosingTopic {
        Closing() {
            super(StorageDriverContract.this);
        }
    }
}
