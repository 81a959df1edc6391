package io.authzengine.storage.it.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.faults.policy.ConnectionError;
import io.authzengine.storage.faults.policy.Direction;
import io.authzengine.storage.faults.policy.ErrorKind;
import io.authzengine.storage.faults.policy.FaultPolicy;
import io.authzengine.storage.faults.policy.HalfOpen;
import io.authzengine.storage.faults.policy.LossMode;
import io.authzengine.storage.faults.policy.Probability;
import io.authzengine.storage.faults.policy.Schedule;
import io.authzengine.storage.faults.policy.SessionBudget;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The rows in which something happens to the connections. */
final class WireChecks {
    private static final FaultPolicy BLACK_HOLE = FaultPolicy.builder()
            .halfOpen(new HalfOpen(1, HalfOpen.Mode.STALL, ErrorKind.RESET))
            .build();
    private static final FaultPolicy TRICKLE = FaultPolicy.builder()
            .link(Direction.DOWNLINK, link -> link.withRate(8))
            .build();
    private static final FaultPolicy SLOW =
            FaultPolicy.builder().latency(Duration.ofMillis(20)).rate(2_000_000).build();
    /** More than a handshake, less than the documents of a revocation. */
    private static final FaultPolicy CUT = FaultPolicy.builder()
            .sessionBudget(new SessionBudget(
                    OptionalLong.empty(),
                    OptionalLong.of(12_000),
                    OptionalLong.empty(),
                    Optional.empty(),
                    new SessionBudget.Break(ErrorKind.RESET)))
            .build();

    private static final FaultPolicy LOSS = FaultPolicy.builder()
            .packetLoss(Probability.percent(10))
            .lossMode(LossMode.RESET)
            .seed(16)
            .build();
    private static final FaultPolicy FLAPPING = FaultPolicy.builder()
            .connectionError(new ConnectionError(ErrorKind.RESET, Probability.ALWAYS))
            .schedule(new Schedule.Flapping(Duration.ofMillis(125), Duration.ofMillis(125)))
            .build();
    private static final int EDITS = 5;

    private WireChecks() {}

    static void refused(Scene scene) throws Exception {
        scene.started();
        Set<String> before = scene.served();
        scene.wire().cut();
        scene.revoke();
        scene.awaitTrouble(before, "SD-001");
        scene.checkSibling(before);
        scene.wire().mend();
        scene.awaitServed();
    }

    static void blackHole(Scene scene) throws Exception {
        keeps(scene.started(), BLACK_HOLE, "SD-001", "SD-006");
    }

    static void trickle(Scene scene) throws Exception {
        keeps(scene.started(), TRICKLE, "SD-001", "SD-006");
    }

    static void cutMidAnswer(Scene scene) throws Exception {
        keeps(scene.started(), CUT, "SD-001", "SD-006");
    }

    private static void keeps(Scene scene, FaultPolicy policy, String... signs) throws Exception {
        Set<String> before = scene.served();
        scene.apply(policy);
        scene.revoke();
        scene.awaitTrouble(before, signs);
        scene.checkSibling(before);
        scene.wire().clear();
        scene.awaitServed();
    }

    static void slowLink(Scene scene) throws Exception {
        scene.started();
        scene.apply(SLOW);
        scene.revoke();
        scene.awaitServed();
        scene.wire().clear();
    }

    static void loss(Scene scene) throws Exception {
        lives(scene.started(), LOSS);
    }

    static void flapping(Scene scene) throws Exception {
        lives(scene.started(), FLAPPING);
    }

    /** Edits go on meanwhile; the witness sees to it that nothing but what was edited is served. */
    private static void lives(Scene scene, FaultPolicy policy) throws Exception {
        long before = broken(scene);
        scene.apply(policy);
        for (int edit = 1; edit <= EDITS; edit++) {
            scene.revoke();
            long soFar = broken(scene);
            scene.await("another connection to break", () -> broken(scene) > soFar);
        }
        scene.wire().clear();
        scene.awaitServed();
        assertThat(broken(scene)).isGreaterThanOrEqualTo(before + EDITS);
    }

    private static long broken(Scene scene) {
        return scene.wire().decided("error") + scene.wire().decided("drop");
    }

    static void closedInTheMiddle(Scene scene) throws Exception {
        scene.started();
        scene.apply(BLACK_HOLE);
        scene.revoke();
        scene.await("a look that waits", () -> !scene.time().isIdle());
        scene.store().close();
        scene.await("all work to end", scene.time()::isIdle);
        scene.wire().clear();
    }
}
