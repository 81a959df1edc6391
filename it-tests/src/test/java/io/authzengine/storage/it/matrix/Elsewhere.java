package io.authzengine.storage.it.matrix;

import java.util.List;

/** The faults that are no row of the matrix, and the tests that cause them: where a fake lives that can, or where the process itself is harmed. */
@SuppressWarnings("ImmutableEnumChecker") // What it holds is never changed.
enum Elsewhere {
    F01(
            "killed at any moment while the offline copy is written",
            "core/KilledProcessTest.aKilledProcessLeavesAWholeSetNotOlderThanTheLastAcknowledged",
            "driver-composite/LayeredSimulationTest.nothingUnapprovedIsServedNothingKeptIsLostAndAllArrivesOnceTheFaultsAreGone"),
    F02(
            "the power fails: writes are lost, torn, out of order",
            "core/ArchiveTest.leavesAValidSetNotOlderThanTheLastAcknowledgedAtEachMomentOfEachWrite"),
    F04(
            "the offline copy is damaged, of another store, of a newer format",
            "core/ArchiveTest.isRefusedWhicheverByteItIs",
            "core/ArchiveTest.isRefusedIfItBelongsToAnotherStore",
            "core/ArchiveTest.isRefusedIfANewerLibraryWroteIt"),
    F05(
            "killed in the middle of a transfer",
            "it-tests/ProcessFaultsTest.killedInTheMiddleOfATransferTheNextOneNeedsNoHelp",
            "driver-git/GitDriverTest.isFreedOfWhatACrashLeft"),
    F06(
            "no more open files, no more watches",
            "it-tests/ProcessFaultsTest.outOfFilesItKeepsWhatItServesAndGoesOnOnceThereAreSome",
            "driver-filesystem/FilesystemFaultsTest.becauseThereAreTooManyInstancesCanBeTriedAgain",
            "driver-filesystem/FilesystemFaultsTest.becauseThereAreTooManyDirectoriesLeavePollingAndTellTheRemedy"),
    F07(
            "the memory or the stack ends while something is read",
            "core/SourceDriverFailureTest.inReadingLeavesEverythingAsItWas",
            "core/HostileInputTest.isCountedBeforeAnythingIsBuilt"),
    F09(
            "the process stands still for a while",
            "it-tests/ProcessFaultsTest.stoppedForAWhileItServesWhatTheSourceIsByThenAndNothingInBetween",
            "core/SourceDriverTimingTest.afterAPauseAreOneAndNotOneForEachThatWasMissed"),
    F10(
            "two processes share a directory",
            "core/KilledProcessTest.aSecondProcessIsRefusedTheDirectoryByTheNumberOfTheFirst",
            "driver-git/GitDriverTest.belongsToOneDriver"),
    F21(
            "a mirror lags: what is signed with a number never goes back; what is not follows its source, F24",
            "driver-http/SignedDocumentTest.thatIsOlderIsRefusedAlsoAfterARestart",
            "driver-blob/BundleTest.isServedAndNeverGoesBack"),
    F26(
            "notifications come twice, late, or for nothing",
            "core/SourceDriverTimingTest.thatAreDoubledOrWrongChangeNothing"),
    F27(
            "transactions overlap the polls",
            "driver-database/ConcurrentWritersTest.haveAllTheyCommitFound"),
    F31(
            "a file that is still being written",
            "driver-filesystem/FilesystemSourceTest.tellsIfAFileChangesWhileItIsRead",
            "driver-filesystem/FilesystemDriverTest.neverSeesAPartOfAFileThatIsReplacedAThousandTimes"),
    F33(
            "more changes at once than queues hold",
            "driver-filesystem/FilesystemWatchTest.ofMoreFilesThanTheQueueHoldsLoseNothing",
            "core/EventBusTest.dropsTheOldestCountsThemSaysResyncAndLeadsOnFromWhatWasSeen"),
    F34(
            "changed between listing and reading; what is read in one piece (a commit, a transaction, a bundle) cannot be",
            "driver-blob/BlobDriverTest.betweenListingAndReadingStartTheLookAnew",
            "driver-blob/BundleTest.followsAnObjectThatMovesAndGivesUpOnOneThatNeverRests"),
    F40(
            "names that lead elsewhere",
            "driver-git/GitDriverTest.areNamesThatLeadOutOfTheTree",
            "core/BundleTest.aNameThatLeadsElsewhereRefusesTheArchive"),
    F43(
            "readers of the event stream that do not read",
            "server/ChangeStreamTest.cutsOffAReaderThatDoesNotReadAndDelaysNobodyElse",
            "server/ChangeStreamTest.servesManyReadersWithFewThreads"),
    F46(
            "readers beside thousands of swaps",
            "core/AtomicSwapTest.noReaderEverSeesAGapOrAMixtureOrAnOlderVersion");

    private final String title;
    private final List<String> tests;

    Elsewhere(String title, String... tests) {
        this.title = title;
        this.tests = List.of(tests);
    }

    String title() {
        return title;
    }

    /** Returns the tests, each as module, class and method. */
    List<String> tests() {
        return tests;
    }
}
