package io.authzengine.storage.internal.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.simulation.Simulation;
import io.authzengine.storage.snapshot.PolicySet;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PersistenceTest {
    @TempDir
    private Path path;

    private final Simulation sim = Simulation.seeded(1);
    private final StorageContext context =
            new StorageContext(sim.clock(), sim::nanoTime, sim.random(), sim.scheduler(), sim.workers(), sim::await);
    private final RecordingDirectory disk = new RecordingDirectory();

    private Persistence persistence() {
        return new Persistence(Optional.of(path), Optional.empty(), context, ignored -> disk);
    }

    private static Kept kept(int versions) {
        List<PolicySnapshot> sets = new java.util.ArrayList<>();
        for (int number = 1; number <= versions; number++) {
            sets.add(Sets.snapshot(number, PolicySet.of(List.of(Sets.policy(1, number)))));
        }
        return new Kept(sets, Decisions.NONE);
    }

    private void settle() {
        sim.advance(Duration.ofMillis(1));
    }

    @Nested
    class AFullDisk {
        @Test
        void isToldWithWhatToDoAndWritingGoesOnByItselfOnceThereIsRoom() {
            try (Persistence persistence = persistence()) {
                persistence.open("store");
                persistence.keep(kept(1));
                settle();
                disk.failAt(operation -> true);

                persistence.keep(kept(2));
                settle();

                assertThat(persistence.status().version()).isEqualTo(1);
                assertThat(persistence.status().problem().orElseThrow())
                        .contains("no space left on device", "with room in it", "tried again by itself");
                disk.failAt(operation -> false);
                sim.advance(Duration.ofMinutes(2));
                assertThat(persistence.status().version()).isEqualTo(2);
                assertThat(persistence.status().problem()).isEmpty();
            }
        }

        @Test
        void leavesWhatWasAcknowledgedToTheNextProcess() {
            try (Persistence persistence = persistence()) {
                persistence.open("store");
                persistence.keep(kept(1));
                settle();
                disk.failAt(operation -> true);
                persistence.keep(kept(2));
                settle();
            }
            disk.failAt(operation -> false);

            try (Persistence next = persistence()) {
                assertThat(next.open("store")
                                .orElseThrow()
                                .copy()
                                .orElseThrow()
                                .version()
                                .number())
                        .isEqualTo(1);
            }
        }
    }

    @Nested
    class TheAgreementWithTheBackend {
        private Optional<Instant> found() {
            try (Persistence next = persistence()) {
                return next.open("store").orElseThrow().agreedAt();
            }
        }

        private Instant leave() {
            try (Persistence persistence = persistence()) {
                persistence.open("store");
                persistence.keep(kept(1));
                persistence.agreed(sim.clock().instant());
                sim.advance(Duration.ofSeconds(3));
                Instant last = sim.clock().instant();
                persistence.agreed(last);
                return last;
            }
        }

        @Test
        void isThereToTheLastAfterAClose() {
            assertThat(leave()).isEqualTo(found().orElseThrow());
        }

        @Test
        void isBehindByNoMoreThanTheLagAfterACrash() {
            Persistence persistence = persistence();
            persistence.open("store");
            persistence.keep(kept(1));
            for (int look = 0; look < 100; look++) {
                sim.advance(Duration.ofMillis(700));
                persistence.agreed(sim.clock().instant());
            }
            settle();

            Optional<Instant> written = agreement();

            persistence.close();
            assertThat(written.orElseThrow())
                    .isAfter(sim.clock()
                            .instant()
                            .minus(Persistence.AGREEMENT_LAG)
                            .minusSeconds(1));
        }

        private Optional<Instant> agreement() {
            try {
                return Agreement.read(disk, "store");
            } catch (java.io.IOException e) {
                throw new AssertionError(e);
            }
        }

        @Test
        void isNotWrittenAtEachLook() {
            try (Persistence persistence = persistence()) {
                persistence.open("store");
                persistence.keep(kept(1));
                persistence.agreed(sim.clock().instant());
                settle();
                disk.failAt(operation -> false); // Counts from here.
                for (int look = 0; look < 9; look++) {
                    sim.advance(Duration.ofSeconds(1));
                    persistence.agreed(sim.clock().instant());
                }
                settle();
                assertThat(disk.operations()).isZero();
            }
        }

        @Test
        void isNobodysIfItWasChangedOrIsOfAnotherStore() {
            leave();
            byte[] bytes = Objects.requireNonNull(disk.files().get("agreed"));
            for (int at = 0; at < bytes.length; at++) {
                byte[] changed = bytes.clone();
                changed[at] ^= 1;
                disk.set("agreed", changed);
                assertThat(agreement()).as("byte %s", at).isEmpty();
            }
            disk.set("agreed", bytes);
            assertThat(agreement()).isPresent();
        }
    }
}
