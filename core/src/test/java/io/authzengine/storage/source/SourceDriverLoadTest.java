package io.authzengine.storage.source;

import static io.authzengine.storage.source.Documents.BROKEN;
import static io.authzengine.storage.source.Documents.id;
import static io.authzengine.storage.source.Documents.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.authzengine.storage.driver.LoadError;
import io.authzengine.storage.error.ConnectionFailedException;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.UnexpectedFailureException;
import io.authzengine.storage.error.ValidationException;
import io.authzengine.storage.parser.ParserLimits;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.PolicyMetadata;
import io.authzengine.storage.snapshot.PolicyChangeEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a look takes in, and what it leaves alone. */
class SourceDriverLoadTest {
    private final SimulatedLoop loop = new SimulatedLoop();
    private final ScriptedSource source = loop.source;

    private SimulatedLoop twoPolicies() {
        source.put("a.yaml", policy("album", "view")).put("b.yaml", policy("book", "read"));
        return loop.running();
    }

    private List<String> brokenLocations() {
        return loop.driver.load().errors().stream().map(LoadError::source).toList();
    }

    @Nested
    class FirstLoad {
        @Test
        void bringsTheWholeSetWithItsOrigin() {
            twoPolicies();
            assertThat(loop.driver.listPolicies())
                    .extracting(PolicyMetadata::id)
                    .containsExactly(id("album"), id("book"));
            assertThat(loop.driver.load().complete()).isTrue();
            assertThat(loop.driver.load().revisions())
                    .containsEntry("test", source.revision().token());
            assertThat(loop.driver
                            .getPolicy(id("album"))
                            .orElseThrow()
                            .metadata()
                            .provenance())
                    .satisfies(origin -> assertThat(origin.driverId()).isEqualTo("test"))
                    .satisfies(origin -> assertThat(origin.location()).isEqualTo("a.yaml"));
            assertThat(loop.driver.getPolicy(id("nobody"))).isEmpty();
        }

        @Test
        void isToldAsOneChangeSet() {
            twoPolicies();
            assertThat(loop.changes).singleElement().satisfies(change -> {
                assertThat(change.ids()).containsExactlyInAnyOrder(id("album"), id("book"));
                assertThat(change.count(PolicyChangeEvent.Type.ADDED)).isEqualTo(2);
                assertThat(change.cause()).isEqualTo("init");
            });
        }

        @Test
        void ofAnEmptyBackendIsALoadToo() {
            loop.running();
            assertThat(loop.driver.load().isLoaded()).isTrue();
            assertThat(loop.driver.load().policies().isEmpty()).isTrue();
        }
    }

    @Nested
    class NothingNew {
        @Test
        void theRevisionAloneIsAskedFor() {
            twoPolicies();
            source.calls.clear();
            assertThat(loop.check()).isFalse();
            assertThat(source.calls).containsExactly("manifest");
        }

        @Test
        void withoutRevisionsTheTokensAreCompared() {
            source.hasRevisions = false;
            twoPolicies();
            source.calls.clear();
            assertThat(loop.check()).isFalse();
            assertThat(source.calls).containsExactly("manifest");
        }

        @Test
        void withoutRevisionsAndTokensEverythingIsReadAndNothingIsParsedAgain() {
            source.hasRevisions = false;
            source.hasTokens = false;
            twoPolicies();
            Policy before = loop.driver.getPolicy(id("album")).orElseThrow();
            source.calls.clear();
            assertThat(loop.check()).isFalse();
            assertThat(source.calls).containsExactly("manifest", "read a.yaml,b.yaml");
            assertThat(loop.driver.getPolicy(id("album")).orElseThrow()).isSameAs(before);
        }

        @Test
        void aForcedLookReadsEverythingAndChangesNothing() {
            twoPolicies();
            Policy before = loop.driver.getPolicy(id("album")).orElseThrow();
            source.calls.clear();
            assertThat(loop.force()).isFalse();
            assertThat(source.calls).containsExactly("manifest", "read a.yaml,b.yaml");
            assertThat(loop.driver.getPolicy(id("album")).orElseThrow()).isSameAs(before);
            assertThat(loop.changes).hasSize(1);
        }

        @Test
        void isATypedErrorFromASourceThatWasNeverListed() {
            source.answer = (last, now) -> Optional.empty();
            assertThatThrownBy(loop.driver::init)
                    .isInstanceOf(UnexpectedFailureException.class)
                    .hasMessageContaining("nothing new");
        }
    }

    @Nested
    class Changes {
        @Test
        void onlyWhatHasChangedIsRead() {
            twoPolicies();
            source.calls.clear();
            source.put("b.yaml", policy("book", "write"));
            assertThat(loop.check()).isTrue();
            assertThat(source.calls).containsExactly("manifest", "read b.yaml");
            assertThat(loop.text("book")).contains("write");
        }

        @Test
        void areToldWithWhatWasBefore() {
            twoPolicies();
            loop.changes.clear();
            source.put("b.yaml", policy("book", "write"))
                    .put("c.yaml", policy("car", "drive"))
                    .remove("a.yaml");
            loop.check();
            assertThat(loop.changes).singleElement().satisfies(change -> {
                assertThat(change.events())
                        .extracting(event -> event.type() + " " + event.policyId())
                        .containsExactly("DELETED " + id("album"), "MODIFIED " + id("book"), "ADDED " + id("car"));
                assertThat(change.events()
                                .get(1)
                                .previousPolicy()
                                .orElseThrow()
                                .raw()
                                .toString())
                        .contains("read");
                assertThat(change.sequence()).isEqualTo(loop.driver.load().sequence());
                assertThat(change.cause()).isEqualTo("manual");
            });
        }

        @Test
        void aPolicyThatMovesToAnotherPlaceIsModifiedAndNeverGone() {
            twoPolicies();
            loop.changes.clear();
            source.remove("a.yaml").put("moved.yaml", policy("album", "view"));
            loop.check();
            assertThat(loop.changes)
                    .singleElement()
                    .satisfies(change -> assertThat(change.events())
                            .extracting(event -> event.type() + " " + event.policyId())
                            .containsExactly("MODIFIED " + id("album")));
        }

        @Test
        void aDeltaChangesWhatItNamesAndNothingElse() {
            twoPolicies();
            Revision seen = source.revision();
            source.put("b.yaml", policy("book", "write"));
            source.answer = (last, now) -> Optional.of(
                    Manifest.delta(seen, now.revision(), List.of(now.entries().get("b.yaml")), Set.of()));
            assertThat(loop.check()).isTrue();
            assertThat(loop.driver.load().policies().size()).isEqualTo(2);
            assertThat(loop.text("book")).contains("write");
        }

        @Test
        void aDeltaThatSaysSoDeletes() {
            twoPolicies();
            Revision seen = source.revision();
            source.remove("b.yaml");
            source.answer = (last, now) ->
                    Optional.of(Manifest.delta(seen, now.revision(), List.of(), Set.of("b.yaml", "unknown.yaml")));
            assertThat(loop.check()).isTrue();
            assertThat(loop.driver.load().policies().sorted())
                    .extracting(Policy::id)
                    .containsExactly(id("album"));
        }

        @Test
        void aDeltaFromAnotherRevisionIsRefused() {
            twoPolicies();
            source.answer = (last, now) ->
                    Optional.of(Manifest.delta(new Revision("older"), now.revision(), List.of(), Set.of("a.yaml")));
            assertThatThrownBy(loop::check)
                    .isInstanceOf(UnexpectedFailureException.class)
                    .hasMessageContaining("older");
            assertThat(loop.driver.load().policies().size()).isEqualTo(2);
        }

        @Test
        void aDeltaIsRefusedWhereEverythingWasAskedFor() {
            twoPolicies();
            source.answer = (last, now) ->
                    Optional.of(Manifest.delta(source.revision(), now.revision(), List.of(), Set.of("a.yaml")));
            assertThatThrownBy(loop::force).isInstanceOf(UnexpectedFailureException.class);
            assertThat(loop.driver.load().policies().size()).isEqualTo(2);
        }

        @Test
        void tooManyEntriesAreRefusedAsAWhole() {
            SimulatedLoop small = new SimulatedLoop(limitedTo(1));
            small.source.put("a.yaml", policy("album", "view"));
            small.running();
            small.source.put("b.yaml", policy("book", "read"));
            assertThatThrownBy(small::check)
                    .isInstanceOf(ValidationException.class)
                    .hasMessageContaining("limit is 1");
            assertThat(small.driver.load().policies().size()).isEqualTo(1);
        }

        private SyncSettings limitedTo(int entries) {
            Duration second = Duration.ofSeconds(1);
            return new SyncSettings(
                    second,
                    true,
                    second,
                    Duration.ZERO,
                    second,
                    0,
                    second,
                    second,
                    second,
                    second,
                    0,
                    entries,
                    ParserLimits.DEFAULT,
                    io.authzengine.storage.driver.Staleness.NONE);
        }
    }

    @Nested
    class RefusedLocations {
        @Test
        void areErrorsAndKeepWhatTheyHeld() {
            twoPolicies();
            source.remove("a.yaml").refused.put("a.yaml", "the link leaves the root");
            assertThat(loop.check()).isTrue();
            assertThat(loop.text("album")).contains("view");
            assertThat(loop.driver.load().errors()).singleElement().satisfies(error -> {
                assertThat(error.source()).isEqualTo("a.yaml");
                assertThat(error.findings().get(0).message()).isEqualTo("the link leaves the root");
                assertThat(error.affected()).containsExactly(id("album"));
            });
        }

        @Test
        void areTakenOnceTheyAreNotRefusedAnyMore() {
            twoPolicies();
            source.remove("a.yaml").refused.put("a.yaml", "the link leaves the root");
            loop.check();
            source.refused.clear();
            source.put("a.yaml", policy("album", "view"));
            loop.check();
            assertThat(loop.driver.load().complete()).isTrue();
        }
    }

    @Nested
    class UnreadableDocuments {
        @Test
        void keepTheirLastGoodWhileAllElseGoesOn() {
            twoPolicies();
            source.unreadable.add("a.yaml");
            source.put("a.yaml", policy("album", "edit")).put("b.yaml", policy("book", "write"));
            assertThat(loop.check()).isTrue();
            assertThat(loop.text("album")).contains("view");
            assertThat(loop.text("book")).contains("write");
            assertThat(brokenLocations()).containsExactly("a.yaml");
            assertThat(loop.driver.load().errors().get(0).recoverable()).isTrue();
        }

        @Test
        void areAskedForAtEachLookAndTheRevisionDoesNotCountAsSeen() {
            twoPolicies();
            source.unreadable.add("a.yaml");
            source.put("a.yaml", policy("album", "edit"));
            loop.check();
            assertThat(loop.status().lastRevision()).isEqualTo(Revision.NONE);
            source.calls.clear();
            loop.check();
            assertThat(source.calls).containsExactly("manifest", "read a.yaml");
        }

        @Test
        void healWithoutTheBackendChanging() {
            twoPolicies();
            source.unreadable.add("a.yaml");
            source.put("a.yaml", policy("album", "edit"));
            loop.check();
            source.unreadable.clear();
            assertThat(loop.check()).isTrue();
            assertThat(loop.text("album")).contains("edit");
            assertThat(loop.driver.load().complete()).isTrue();
            assertThat(loop.status().lastRevision()).isEqualTo(source.revision());
        }
    }

    @Nested
    class BrokenDocuments {
        @Test
        void keepTheirLastGoodAndSaySinceWhen() {
            twoPolicies();
            loop.advance(Duration.ofSeconds(5));
            Instant brokenAt = loop.sim.clock().instant();
            source.put("a.yaml", BROKEN);
            assertThat(loop.check()).isTrue();
            assertThat(loop.text("album")).contains("view");
            loop.advance(Duration.ofMinutes(10));
            source.put("a.yaml", BROKEN + "  ");
            loop.check();
            assertThat(loop.driver.load().errors()).singleElement().satisfies(error -> {
                assertThat(error.since()).isEqualTo(brokenAt);
                assertThat(error.code()).isEqualTo(ErrorCode.PARSE_ERROR);
                assertThat(error.findings().get(0).place().line()).isPositive();
                assertThat(error.affected()).contains(id("album"));
            });
        }

        @Test
        void areReadAgainMoreAndMoreSeldomWhileTheirTokenIsTheSame() {
            twoPolicies();
            source.put("a.yaml", BROKEN);
            loop.check();
            source.calls.clear();
            assertThat(loop.check()).as("news").isFalse();
            assertThat(source.calls).containsExactly("manifest", "read a.yaml");
            source.put("b.yaml", policy("book", "write"));
            source.calls.clear();
            loop.check();
            assertThat(source.calls).containsExactly("manifest", "read b.yaml");
            for (int look = 0; look < 1000; look++) {
                loop.check();
            }
            assertThat(source.count("read a.yaml")).as("readings in 1000 looks").isBetween(15L, 25L);
            assertThat(brokenLocations()).containsExactly("a.yaml");
        }

        @Test
        void areReadAgainSoonWhenTheirTokenIsAnother() {
            twoPolicies();
            source.put("a.yaml", BROKEN);
            for (int look = 0; look < 100; look++) {
                loop.check();
            }
            source.put("a.yaml", BROKEN + "#");
            loop.check();
            source.calls.clear();
            loop.check();
            assertThat(source.calls).containsExactly("manifest", "read a.yaml");
        }

        @Test
        void thatWereDamagedOnTheirWayHealByThemselves() {
            twoPolicies();
            source.put("a.yaml", policy("album", "edit"));
            source.damage = text -> BROKEN;
            for (int look = 0; look < 5; look++) {
                loop.check();
            }
            assertThat(brokenLocations()).containsExactly("a.yaml");
            assertThat(loop.text("album")).contains("view");
            source.damage = text -> text;
            for (int look = 0; look < 5; look++) {
                loop.check();
            }
            assertThat(loop.text("album")).contains("edit");
            assertThat(loop.driver.load().complete()).isTrue();
        }

        @Test
        void healByTheRepairAloneAlsoIfItBringsBackWhatWas() {
            twoPolicies();
            source.put("a.yaml", BROKEN);
            loop.check();
            loop.changes.clear();
            source.put("a.yaml", policy("album", "view"));
            assertThat(loop.check()).isTrue();
            assertThat(loop.driver.load().complete()).isTrue();
            assertThat(loop.changes).isEmpty();
        }

        @Test
        void deletionOfTheBrokenDocumentDeletesItsLastGood() {
            twoPolicies();
            source.put("a.yaml", BROKEN);
            loop.check();
            source.remove("a.yaml");
            loop.check();
            assertThat(loop.text("album")).isEqualTo("none");
            assertThat(loop.driver.load().complete()).isTrue();
        }

        @Test
        void atTheFirstLoadAreMissingAndNamed() {
            source.put("a.yaml", BROKEN).put("b.yaml", policy("book", "read"));
            loop.running();
            assertThat(loop.driver.load().policies().size()).isEqualTo(1);
            assertThat(brokenLocations()).containsExactly("a.yaml");
        }
    }

    @Nested
    class DuplicateIds {
        @Test
        void acrossLocationsAreBothNamedAndNeitherIsTakenAtTheFirstLoad() {
            source.put("a.yaml", policy("album", "view")).put("z.yaml", policy("album", "edit"));
            loop.running();
            assertThat(loop.text("album")).isEqualTo("none");
            assertThat(brokenLocations()).containsExactly("a.yaml", "z.yaml");
            assertThat(loop.driver.load().errors().get(0).findings().get(0).message())
                    .contains("z.yaml:1");
            assertThat(loop.driver.load().errors().get(1).findings().get(0).message())
                    .contains("a.yaml:1");
        }

        @Test
        void leaveWhatWasServedWhicheverSortsFirst() {
            source.put("m.yaml", policy("album", "view"));
            loop.running();
            source.put("a.yaml", policy("album", "edit")).put("z.yaml", policy("album", "own"));
            loop.check();
            assertThat(loop.text("album")).contains("view");
            assertThat(brokenLocations()).containsExactly("a.yaml", "m.yaml", "z.yaml");
        }

        @Test
        void healWhenEitherGoes() {
            source.put("a.yaml", policy("album", "view"));
            loop.running();
            source.put("b.yaml", policy("album", "edit"));
            loop.check();
            source.remove("a.yaml");
            loop.check();
            assertThat(loop.text("album")).contains("edit");
            assertThat(loop.driver.load().complete()).isTrue();

            source.put("a.yaml", policy("album", "view"));
            loop.check();
            source.remove("a.yaml");
            loop.check();
            assertThat(loop.text("album")).contains("edit");
            assertThat(loop.driver.load().complete()).isTrue();
        }

        @Test
        void goWhenAllGo() {
            source.put("a.yaml", policy("album", "view"));
            loop.running();
            source.put("b.yaml", policy("album", "edit"));
            loop.check();
            source.remove("a.yaml").remove("b.yaml");
            loop.check();
            assertThat(loop.text("album")).isEqualTo("none");
            assertThat(loop.driver.load().complete()).isTrue();
        }

        @Test
        void keepSayingSinceWhenTheyHaveBeenSo() {
            source.put("a.yaml", policy("album", "view")).put("b.yaml", policy("album", "edit"));
            loop.running();
            long sequence = loop.driver.load().sequence();
            Instant since = loop.driver.load().errors().get(0).since();
            loop.advance(Duration.ofMinutes(5));
            loop.force();
            assertThat(loop.driver.load().errors()).extracting(LoadError::since).containsOnly(since);
            assertThat(loop.driver.load().sequence()).isEqualTo(sequence);
            source.put("b.yaml", policy("album", "own"));
            loop.check();
            assertThat(loop.driver.load().errors()).extracting(LoadError::since).containsOnly(since);
        }

        @Test
        void withinOneDocumentBreakIt() {
            source.put("a.yaml", policy("album", "view") + "---\n" + policy("album", "edit"));
            loop.running();
            assertThat(loop.text("album")).isEqualTo("none");
            assertThat(loop.driver.load().errors())
                    .singleElement()
                    .satisfies(error -> assertThat(error.findings().get(0).toString())
                            .contains("a.yaml:9")
                            .contains("album"));
        }
    }

    @Nested
    class ABackendThatMovesMeanwhile {
        @Test
        void isListedAgain() {
            source.put("a.yaml", policy("album", "view"));
            source.moves = 3;
            loop.running();
            assertThat(loop.text("album")).contains("view");
            assertThat(source.count("manifest")).isEqualTo(4);
        }

        @Test
        void isGivenUpAfterAFewReadingsAndNothingOfThemIsUsed() {
            SimulatedLoop impatient = new SimulatedLoop(SyncSettings.DEFAULT.withRetries(0));
            impatient.source.put("a.yaml", policy("album", "view")).put("b.yaml", policy("book", "read"));
            impatient.running();
            impatient.source.put("a.yaml", policy("album", "edit")).put("b.yaml", policy("book", "write"));
            impatient.source.moves = 7; // Four readings of two entries, less one.
            impatient.source.calls.clear();
            assertThatThrownBy(impatient::check)
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining("4 readings");
            assertThat(impatient.source.count("read")).isEqualTo(4);
            assertThat(impatient.text("book")).contains("read");
            impatient.force();
            assertThat(impatient.text("book")).contains("write");
        }

        @Test
        void andBackAgainIsNothingNew() {
            twoPolicies();
            String before = source.documents.get("a.yaml");
            Revision seen = source.revision();
            source.put("a.yaml", policy("album", "edit"));
            source.onRead = () -> {
                source.documents.put("a.yaml", String.valueOf(before));
                source.moves = 1;
                source.answer = (last, now) -> last.equals(seen) ? Optional.empty() : Optional.of(now);
            };
            assertThat(loop.check()).isFalse();
            assertThat(loop.text("album")).contains("view");
        }
    }

    @Test
    void anEntryTheSourceForgetsFailsTheLookAndNamesIt() {
        twoPolicies();
        source.forgotten.add("a.yaml");
        source.put("a.yaml", policy("album", "edit")).put("b.yaml", policy("book", "write"));
        assertThatThrownBy(loop::check)
                .isInstanceOf(UnexpectedFailureException.class)
                .hasMessageContaining("a.yaml");
        assertThat(loop.text("book")).contains("read");
    }
}
