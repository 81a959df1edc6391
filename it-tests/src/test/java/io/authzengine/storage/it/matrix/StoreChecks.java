package io.authzengine.storage.it.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.StoreEvent;
import io.authzengine.storage.driver.Subscription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The rows in which something happens around the store. */
final class StoreChecks {
    private static final Duration TEN_YEARS = Duration.ofDays(3653);

    private StoreChecks() {}

    static void clockJumps(Scene scene) throws Exception {
        scene.started();
        for (Duration wrongBy : new Duration[] {TEN_YEARS, TEN_YEARS.negated(), Duration.ZERO}) {
            scene.time().setClock(wrongBy);
            scene.revoke();
            scene.awaitServed();
        }
    }

    static void offlineCopyFails(Scene scene) throws Exception {
        scene.started();
        scene.awaitCopy();
        Path cache = scene.directory().resolve("cache");
        Path aside = Files.move(cache, scene.directory().resolve("cache-aside"));
        Files.createFile(cache);
        scene.revoke();
        Set<String> wanted = Set.copyOf(scene.documents().values());
        scene.await("the change to be served", () -> scene.served().equals(wanted));
        scene.await(
                "health to tell of the disk",
                () -> scene.store()
                        .status()
                        .durability()
                        .flatMap(disk -> disk.problem())
                        .isPresent());
        Files.delete(cache);
        Files.move(aside, cache);
        scene.revoke();
        scene.awaitServed();
    }

    static void subscriberThrows(Scene scene) throws Exception {
        AtomicInteger told = new AtomicInteger();
        try (Subscription bad = scene.store().subscribe(event -> {
                    throw new IllegalStateException("as subscribers do");
                });
                Subscription good = scene.store().subscribe(event -> count(event, told))) {
            assertThat(bad).isNotSameAs(good);
            scene.started();
            int before = told.get();
            scene.revoke();
            scene.awaitServed();
            scene.await("the other to be told", () -> told.get() > before);
        }
    }

    private static void count(StoreEvent event, AtomicInteger told) {
        if (event instanceof StoreEvent.Updated) {
            told.incrementAndGet();
        }
    }

    static void subscriberHangs(Scene scene) throws Exception {
        AtomicInteger told = new AtomicInteger();
        CountDownLatch end = new CountDownLatch(1);
        try (Subscription bad = scene.store().subscribe(event -> hang(end));
                Subscription good = scene.store().subscribe(event -> count(event, told))) {
            assertThat(bad).isNotSameAs(good);
            scene.started();
            int before = told.get();
            scene.revoke();
            scene.awaitServed();
            scene.await("the other to be told", () -> told.get() > before);
        } finally {
            end.countDown();
        }
    }

    private static void hang(CountDownLatch end) {
        try {
            if (!end.await(1, TimeUnit.HOURS)) {
                throw new IllegalStateException("nobody ended it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void gateThrows(Scene scene) throws Exception {
        scene.started();
        Set<String> before = scene.served();
        scene.gateThrows(true);
        scene.revoke();
        scene.awaitTrouble(before, "SD-004");
        scene.gateThrows(false);
        scene.revoke();
        scene.awaitServed();
    }
}
