package io.authzengine.storage.it.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.testkit.SamplePolicies;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/** The rows in which the backend does well and holds what it should not, or changes in an awkward way. */
final class ContentChecks {
    private static final int DEEP = 100_000;
    private static final String HTML = "<!DOCTYPE html>\n<html><body><h1>Sign in</h1></body></html>\n";

    private static final Duration CHURN = Duration.ofMillis(50);
    private static final int LEAST_CHURN = 20;
    private static final int MOST_CHURN = 1000;

    private ContentChecks() {}

    static void brokenDocument(Scene scene) throws Exception {
        holds(scene, SamplePolicies.broken());
    }

    static void hostileDocument(Scene scene) throws Exception {
        holds(scene, "[".repeat(DEEP));
    }

    static void htmlPage(Scene scene) throws Exception {
        holds(scene, HTML);
    }

    /** One document says {@code text}, the others deny what they allowed: nothing of that is served until the one is mended, and then all. */
    private static void holds(Scene scene, String text) throws Exception {
        scene.started();
        Map<String, String> right = scene.revoked();
        refuses(scene, Documents.with(right, Documents.name(1), text), right, "SD-003", "SD-004");
    }

    static void idTwice(Scene scene) throws Exception {
        scene.started();
        Map<String, String> right = scene.revoked();
        String again = SamplePolicies.resource("thing1", "default", "edit");
        refuses(scene, Documents.with(right, "again.yaml", again), right, "SD-004");
    }

    static void importRemoved(Scene scene) throws Exception {
        scene.started();
        Map<String, String> right = scene.revoked();
        refuses(scene, Documents.without(right, "roles.yaml"), right, "SD-004");
    }

    private static void refuses(Scene scene, Map<String, String> wrong, Map<String, String> right, String... signs)
            throws Exception {
        Set<String> before = scene.served();
        scene.publishInVain(wrong);
        scene.awaitTrouble(before, signs);
        scene.publish(right);
        scene.awaitServed();
    }

    static void massDeletion(Scene scene) throws Exception {
        scene.started();
        Map<String, String> few = new TreeMap<>(scene.documents());
        for (int number = 2; number <= 12; number++) {
            few.remove(Documents.name(number));
        }
        refuses(scene, few, scene.revoked(), "disappear");
    }

    static void emptied(Scene scene) throws Exception {
        scene.started();
        refuses(scene, Map.of(), scene.revoked(), "disappear", "SD-00");
    }

    static void editsAtOnce(Scene scene) throws Exception {
        scene.started();
        for (int i = 0; i < 5; i++) {
            scene.revoke();
            scene.revoke();
            scene.awaitServed();
        }
    }

    /** Denials are served although the source never rests, and not only once it does. */
    static void churn(Scene scene) throws Exception {
        scene.started();
        scene.revoke();
        Set<String> denials = Set.copyOf(scene.documents().values());
        for (int time = 0; !scene.served().containsAll(denials) || time < LEAST_CHURN; time++) {
            assertThat(time).as("changes without the denials being served").isLessThan(MOST_CHURN);
            String text = SamplePolicies.resource("busy", "default", "view" + time);
            scene.publish(Documents.with(scene.documents(), "busy.yaml", text));
            LockSupport.parkNanos(CHURN.toNanos());
        }
        scene.awaitServed();
    }

    static void deletedAndCreated(Scene scene) throws Exception {
        scene.started();
        Map<String, String> all = scene.documents();
        scene.publish(Documents.without(all, Documents.name(3)));
        scene.awaitServed();
        scene.publish(all);
        scene.awaitServed();
        scene.publish(Documents.without(all, Documents.name(4)));
        scene.publish(all);
        scene.awaitServed();
    }
}
