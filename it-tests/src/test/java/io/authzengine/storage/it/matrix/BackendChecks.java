package io.authzengine.storage.it.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.HealthStatus.Status;
import io.authzengine.storage.error.StorageException;
import java.util.Map;
import java.util.Set;

/** The rows in which something happens to the backend itself. */
final class BackendChecks {
    private BackendChecks() {}

    static void downAtTheStart(Scene scene) throws Exception {
        scene.backend().harm(scene.down());
        assertThatThrownBy(() -> scene.store().start())
                .isInstanceOf(StorageException.class)
                .hasMessageMatching("(?s).*SD-00[167].*");
        assertThat(scene.store().status().isReady()).isFalse();
        scene.restart("degraded");
        scene.store().start();
        assertThat(scene.store().status().isReady()).isFalse();
        assertThat(scene.store().current().size()).isZero();
        scene.backend().heal(scene.down());
        scene.awaitServed();
    }

    static void downAtTheStartWithACopy(Scene scene) throws Exception {
        scene.started();
        scene.awaitCopy();
        Set<String> before = scene.served();
        scene.restart("degraded");
        scene.backend().harm(scene.down());
        scene.store().start();
        assertThat(scene.served()).isEqualTo(before);
        assertThat(scene.store().status().isReady()).isTrue();
        assertThat(scene.store().status().health().status()).isEqualTo(Status.DEGRADED);
        assertThat(scene.store().status().health().message()).contains("offline copy");
        scene.backend().heal(scene.down());
        scene.revoke();
        scene.awaitServed();
    }

    static void killed(Scene scene) throws Exception {
        keeps(scene.started(), Harm.KILLED, "SD-001", "SD-006");
        scene.revoke();
        scene.awaitServed();
    }

    static void gone(Scene scene) throws Exception {
        keeps(scene.started(), Harm.GONE, "SD-007");
        scene.revoke();
        scene.awaitServed();
    }

    static void revoked(Scene scene) throws Exception {
        scene.started();
        Set<String> before = scene.served();
        scene.backend().harm(Harm.REVOKED);
        scene.revoke();
        scene.awaitTrouble(before, "SD-002");
        scene.checkSibling(before);
        scene.backend().heal(Harm.REVOKED);
        scene.awaitServed();
    }

    static void busy(Scene scene) throws Exception {
        scene.started();
        Set<String> before = scene.served();
        scene.backend().harm(Harm.BUSY);
        scene.revoke();
        scene.awaitTrouble(before, "SD-001", "SD-006");
        scene.checkSibling(before);
        scene.backend().heal(Harm.BUSY);
        scene.awaitServed();
    }

    static void cutShort(Scene scene) throws Exception {
        scene.started();
        Set<String> before = scene.served();
        scene.backend().harm(Harm.CUT_SHORT);
        scene.revoke();
        scene.awaitTrouble(before, "SD-001", "SD-003", "SD-004", "SD-006");
        scene.checkSibling(before);
        scene.backend().heal(Harm.CUT_SHORT);
        scene.awaitServed();
    }

    private static void keeps(Scene scene, Harm harm, String... signs) throws Exception {
        Set<String> before = scene.served();
        scene.backend().harm(harm);
        scene.awaitTrouble(before, signs);
        scene.checkSibling(before);
        scene.backend().heal(harm);
        scene.awaitServed();
    }

    static void goesBack(Scene scene) throws Exception {
        scene.started();
        Map<String, String> earlier = scene.documents();
        scene.revoke();
        scene.awaitServed();
        scene.restore(Documents.without(earlier, Documents.name(1)));
        scene.awaitServed();
    }

    static void notNotified(Scene scene) throws Exception {
        scene.started();
        scene.backend().harm(Harm.MUTE);
        scene.revoke();
        scene.awaitServed();
        scene.backend().heal(Harm.MUTE);
        scene.revoke();
        scene.awaitServed();
    }

    static void replaced(Scene scene) throws Exception {
        scene.started();
        scene.backend().harm(Harm.REPLACED);
        // The first is the link, moved away; then it is a directory for another.
        for (int i = 0; i < 3; i++) {
            scene.revoke();
            scene.awaitServed();
        }
        scene.backend().heal(Harm.REPLACED);
        scene.revoke();
        scene.awaitServed();
    }
}
