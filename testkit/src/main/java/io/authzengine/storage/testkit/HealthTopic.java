package io.authzengine.storage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.authzengine.storage.driver.Freshness;
import io.authzengine.storage.driver.HealthStatus;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Health is a verdict with its reason, and tells no secret; so are the names of a driver. */
abstract class HealthTopic extends Topic {
    HealthTopic(StorageDriverContract contract) {
        super(contract);
    }

    private HealthStatus.Details details() {
        return driver().healthCheck().details();
    }

    @TestFactory
    Stream<DynamicTest> ofADriver() {
        String[] names = new String[2];
        return opened().step(() -> {
                    names[0] = driver().id();
                    names[1] = driver().type();
                    loadAlbumAndBook();
                })
                .check("A driver that agrees with its backend is well.", this::awaitHealthy)
                .check(
                        "Health says how much is held.",
                        () -> assertThat(details().policiesLoaded()).isEqualTo(2))
                .check(
                        "Health says that the backend answers.",
                        () -> assertThat(details().connected()).isTrue())
                .check(
                        "Health says when the backend last answered.",
                        () -> assertThat(details().lastSync().orElseThrow())
                                .isBetween(
                                        run().begunAt(), run().context().clock().instant()))
                .check(
                        "A driver that is well has no errors to tell.",
                        () -> assertThat(details().errors()).isEmpty())
                .check(
                        "A driver that is well says so in a sentence.",
                        () -> assertThat(driver().healthCheck().message()).isNotBlank())
                .check("Health follows what is held.", () -> {
                    edit("car", "view");
                    awaitCount(3);
                    assertThat(details().policiesLoaded()).isEqualTo(3);
                })
                .check(
                        "What was just looked at is fresh.",
                        () -> assertThat(driver().freshness()).isEqualTo(Freshness.FRESH))
                .check(
                        "Nothing is held off while all is well.",
                        () -> assertThat(driver().suppressedUntil()).isEmpty())
                .check(
                        "Health shows no secret.",
                        () -> assertThat(driver().healthCheck().toString()).doesNotContain(secrets()))
                .check(
                        "A driver as text shows no secret.",
                        () -> assertThat(driver().toString()).doesNotContain(secrets()))
                .check(
                        "The id is the same all the time, and shows no secret.",
                        () -> assertThat(driver().id())
                                .isEqualTo(names[0])
                                .isNotBlank()
                                .doesNotContain(secrets()))
                .check(
                        "The type is the same all the time.",
                        () -> assertThat(driver().type()).isEqualTo(names[1]).isNotBlank())
                .check("Id and type outlive the driver.", () -> {
                    driver().close();
                    assertThat(driver().id()).isEqualTo(names[0]);
                    assertThat(driver().type()).isEqualTo(names[1]);
                })
                .checks();
    }
}
