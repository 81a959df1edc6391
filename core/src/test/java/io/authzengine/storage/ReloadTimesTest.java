package io.authzengine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.driver.CheckMode;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.source.Manifest;
import io.authzengine.storage.source.PolicySource;
import io.authzengine.storage.source.Revision;
import io.authzengine.storage.source.SourceContext;
import io.authzengine.storage.source.SourceDriver;
import io.authzengine.storage.source.SourceEntry;
import io.authzengine.storage.source.SyncSettings;
import io.authzengine.storage.timing.Phase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReloadTimesTest {
    private static final Duration POLL = Duration.ofSeconds(60);

    @TempDir
    private Path directory = Path.of("");

    private final Simulation sim = Simulation.seeded(1);
    private final AtomicLong spent = new AtomicLong();
    private final StorageContext context = new StorageContext(
            sim.clock(), () -> sim.nanoTime() + spent.get(), sim.random(), sim.scheduler(), sim.workers(), sim::await);
    private final FakeBackend backend = new FakeBackend();
    private PolicyStore store = storeWith(StoreSettings.DEFAULT);

    private void spend(long millis) {
        spent.addAndGet(Duration.ofMillis(millis).toNanos());
    }

    private PolicyStore storeWith(StoreSettings settings) {
        SyncSettings loop = SyncSettings.DEFAULT.withRetries(0);
        return PolicyStore.builder(new SourceDriver("slow", "slow", new SlowSource(), loop, context))
                .settings(settings)
                .context(context)
                .gate(candidate -> {
                    spend(7);
                    return List.of();
                })
                .build();
    }

    /** Takes 5 ms to open, 2 ms to say what is there, and 30 ms for each reading. */
    private final class SlowSource implements PolicySource {
        @Override
        public void open(SourceContext sourceContext) {
            spend(5);
            backend.open(sourceContext);
        }

        @Override
        public Optional<Manifest> manifest(Revision last) {
            spend(2);
            return backend.manifest(last);
        }

        @Override
        public Duration age() {
            return backend.age();
        }

        @Override
        public void read(Manifest at, List<SourceEntry> wanted, Sink into) {
            spend(30);
            backend.read(at, wanted, into);
        }

        @Override
        public void close() {}
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Optional<ReloadTimes> last() {
        return store.status().lastReload();
    }

    private static List<String> millis(Stream<Phase> phases) {
        return phases.map(phase -> phase.kind() + " " + phase.took().toMillis() + " " + phase.items())
                .toList();
    }

    @Test
    void areThoseOfTheWholeWayFromTheBackendToBeingServed() {
        assertThat(last()).isEmpty();
        backend.put("a.yaml", Documents.resource("a", "one"));
        backend.put("b.yaml", Documents.resource("b", "one"));

        store.start();

        ReloadTimes first = last().orElseThrow();
        assertThat(first.outcome()).isEqualTo(ReloadTimes.Outcome.SERVED);
        assertThat(first.version()).isEqualTo(1);
        assertThat(first.took()).hasMillis(44);
        assertThat(first.looks()).hasSize(1);
        assertThat(millis(first.looks().get(0).phases().stream()))
                .containsExactly("OPEN 5 0", "WATCH 0 0", "LIST 2 2", "READ 30 2", "PARSE 0 2", "COMPARE 0 0");
        assertThat(millis(first.phases().stream())).containsExactly("GATES 7 2", "SWAP 0 0", "TELL 0 0");
        assertThat(first.offlineCopy()).isEmpty();
    }

    @Test
    void areThoseOfTheLastReloadAndNotOfAPollThatFoundNothing() {
        backend.put("a.yaml", Documents.resource("a", "one"));
        store.start();
        sim.advance(POLL);
        assertThat(last().orElseThrow().version()).isEqualTo(1);

        backend.put("a.yaml", Documents.resource("a", "two"));
        sim.advance(POLL);
        sim.advance(POLL);

        ReloadTimes second = last().orElseThrow();
        assertThat(second.version()).isEqualTo(2);
        assertThat(second.cause()).isEqualTo("poll");
        assertThat(second.took()).hasMillis(39);
    }

    @Test
    void areToldOfASetThatIsRefusedOnceAndNotEachTimeItIsJudgedAnew() {
        backend.put("a.yaml", Documents.resource("a", "one"));
        store.start();
        backend.put("a.yaml", "nothing of a policy");
        sim.advance(POLL);
        ReloadTimes refused = last().orElseThrow();
        assertThat(refused.outcome()).isEqualTo(ReloadTimes.Outcome.REFUSED);
        assertThat(refused.version()).isEqualTo(1);

        sim.advance(Duration.ofMillis(1));
        store.confirm(""); // Judges it anew, and reads nothing.

        assertThat(last().orElseThrow().endedAt()).isEqualTo(refused.endedAt());
    }

    @Test
    void areToldOfALookThatReadsAllAndFindsNothingNew() {
        backend.put("a.yaml", Documents.resource("a", "one"));
        store.start();

        store.checkAndReload(CheckMode.FORCE);

        ReloadTimes forced = last().orElseThrow();
        assertThat(forced.outcome()).isEqualTo(ReloadTimes.Outcome.UNCHANGED);
        assertThat(millis(forced.looks().get(0).phases().stream())).contains("READ 30 1");
    }

    @Test
    void includeTheWayToTheDiskOnceItIsThere() {
        store.close();
        StoreSettings kept =
                StoreSettings.DEFAULT.withDisk(new StoreSettings.Disk(Optional.of(directory), Optional.empty()));
        store = storeWith(kept);
        backend.put("a.yaml", Documents.resource("a", "one"));
        store.start();
        sim.advance(POLL);

        assertThat(last().orElseThrow().offlineCopy().orElseThrow().kind()).isEqualTo(Phase.Kind.OFFLINE_COPY);
    }

    @Test
    void areInARecordingOfTheFlightRecorder() throws IOException {
        backend.put("a.yaml", Documents.resource("a", "one"));
        Path file = directory.resolve("reload.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("io.authzengine.storage.ReloadPhase");
            recording.start();
            store.start();
            recording.stop();
            recording.dump(file);
        }

        List<RecordedEvent> events = RecordingFile.readAllEvents(file);

        assertThat(events)
                .extracting(event -> event.getString("phase"))
                .contains("list", "read", "parse", "gates", "swap", "tell");
        assertThat(events).extracting(event -> event.getString("driver")).containsOnly("slow");
        assertThat(events)
                .filteredOn(event -> event.getString("phase").equals("parse"))
                .extracting(event -> event.getLong("items"))
                .containsExactly(1L);
    }
}
