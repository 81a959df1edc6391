package io.authzengine.storage.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Place;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyId;
import io.authzengine.storage.policy.PolicyKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PolicySnapshotTest {
    private static final PolicyId ALBUM = new PolicyId("resource.album.vdefault");
    private static final PolicyId BOOK = new PolicyId("resource.book.vdefault");
    private static final PolicyId CAR = new PolicyId("resource.car.vdefault");
    private static final Policy BOOK_POLICY = SamplePolicy.of(BOOK, "b");
    private static final Finding REASON = Finding.error(ErrorCode.VALIDATION_ERROR, Place.of("car.yaml"), "is wrong");
    private static final PolicyVersion FIRST = new PolicyVersion(1, Map.of("git", "c0ffee"), Instant.EPOCH, "init", "");

    private final PolicySnapshot snapshot = new PolicySnapshot(
            FIRST, PolicySet.of(List.of(BOOK_POLICY, SamplePolicy.of(ALBUM, "a"))), Map.of(CAR, List.of(REASON)));

    @Test
    void tellsWhatIsActiveFromWhatIsBlockedAndWhatIsNotThere() {
        assertThat(snapshot.lookup(BOOK)).isEqualTo(new Lookup.Active(BOOK_POLICY));
        assertThat(snapshot.lookup(CAR)).isEqualTo(new Lookup.Quarantined(CAR, List.of(REASON)));
        assertThat(snapshot.lookup(new PolicyId("x"))).isEqualTo(new Lookup.Absent(new PolicyId("x")));
        assertThat(snapshot.lookup(BOOK).id()).isEqualTo(BOOK);
        assertThat(snapshot.find(BOOK)).containsSame(BOOK_POLICY);
        assertThat(snapshot.find(CAR)).isEmpty();
    }

    @Test
    void isWholeOnlyIfNothingIsBlockedOrLeftOut() {
        PolicySnapshot whole = new PolicySnapshot(FIRST, snapshot.policies(), Map.of());
        PolicySnapshot lacking = new PolicySnapshot(FIRST, snapshot.policies(), Map.of(), List.of(REASON));
        assertThat(whole.isWhole()).isTrue();
        assertThat(lacking.isWhole()).isFalse();
        assertThat(lacking.leftOut()).containsExactly(REASON);
        assertThat(lacking.sameContentAs(whole)).isFalse();
        assertThat(snapshot.isWhole()).isFalse();
        assertThat(whole.blocked(List.of(REASON)).isWhole()).isFalse();
    }

    @Test
    void listsInAStableOrder() {
        assertThat(snapshot.all()).extracting(Policy::id).containsExactly(ALBUM, BOOK);
        assertThat(snapshot.ofKind(PolicyKind.EXPORT_CONSTANTS))
                .extracting(Policy::id)
                .containsExactly(ALBUM, BOOK);
        assertThat(snapshot.ofKind(PolicyKind.RESOURCE_POLICY)).isEmpty();
        assertThat(snapshot.size()).isEqualTo(2);
        assertThat(snapshot.digest()).isEqualTo(snapshot.policies().digest()).hasSize(64);
    }

    @Test
    void nothingIsBothServedAndQuarantined() {
        PolicySet policies = snapshot.policies();
        Map<PolicyId, List<Finding>> quarantined = Map.of(BOOK, List.of(REASON));
        assertThatThrownBy(() -> new PolicySnapshot(FIRST, policies, quarantined))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(BOOK.value());
    }

    @Test
    void beforeAnythingWasLoadedItHoldsNothing() {
        assertThat(PolicySnapshot.NONE.version().isNone()).isTrue();
        assertThat(PolicySnapshot.NONE.all()).isEmpty();
        assertThat(FIRST).isGreaterThan(PolicyVersion.NONE);
    }

    @Nested
    class Events {
        private final Optional<Policy> none = Optional.empty();

        private Optional<PolicyChangeEvent> between(Optional<Policy> before, Optional<Policy> after) {
            return PolicyChangeEvent.between(before, after, Instant.EPOCH, "test");
        }

        @Test
        void tellWhatHappened() {
            Optional<Policy> before = Optional.of(SamplePolicy.of(ALBUM, "a"));
            Optional<Policy> after = Optional.of(SamplePolicy.of(ALBUM, "b"));
            assertThat(between(none, after).orElseThrow().type()).isEqualTo(PolicyChangeEvent.Type.ADDED);
            assertThat(between(before, after).orElseThrow().type()).isEqualTo(PolicyChangeEvent.Type.MODIFIED);
            assertThat(between(before, none).orElseThrow())
                    .satisfies(event -> assertThat(event.type()).isEqualTo(PolicyChangeEvent.Type.DELETED))
                    .satisfies(event -> assertThat(event.previousPolicy()).isEqualTo(before));
        }

        @Test
        void areNotMadeWhereNothingHappened() {
            Optional<Policy> same = Optional.of(SamplePolicy.of(ALBUM, "a"));
            assertThat(between(same, Optional.of(SamplePolicy.of(ALBUM, "a")))).isEmpty();
            assertThat(between(none, none)).isEmpty();
        }

        @Test
        void tellOfAPolicyThatMoved() {
            Optional<Policy> before = Optional.of(SamplePolicy.of(ALBUM, "a"));
            assertThat(between(before, Optional.of(SamplePolicy.at("other.yaml", ALBUM, "a"))))
                    .isPresent();
        }

        @Test
        void fitTheirType() {
            Optional<Policy> policy = Optional.of(SamplePolicy.of(ALBUM, "a"));
            for (PolicyChangeEvent.Type type : PolicyChangeEvent.Type.values()) {
                assertThatThrownBy(() -> new PolicyChangeEvent(type, ALBUM, none, none, Instant.EPOCH, "test"))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            assertThatThrownBy(() -> new PolicyChangeEvent(
                            PolicyChangeEvent.Type.ADDED, ALBUM, policy, policy, Instant.EPOCH, "test"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
