package org.corestack.mongodb;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips the tests of the contracts that the stand-in can't show anything by, each with its reason. */
final class StandInSkips implements ExecutionCondition {
    static final String FEED = "the stand-in has no change streams to be told by: no keys of updates, no idle token";
    static final String EXPIRY = "the stand-in deletes nothing that expires";

    /** Names of tests, and why each is skipped. */
    static final Map<String, String> REASONS = new TreeMap<>();

    private static final List<String> OF_FEEDS = List.of(
            "aWatchHearsOfEveryKindOfWrite",
            "aWatchWithoutAPositionStartsNow",
            "aCollectionThatDoesNotExistYetCanBeWatched",
            "aWatchFromAPositionHearsAllBehindIt",
            "aDocumentThatIsGoneSinceIsMissing",
            "everyPositionCanBeResumedFrom",
            "aPositionSurvivesAsText",
            "aSnapshotIsContinuedByItsWatch",
            "aSnapshotOfNothingIsContinuedToo",
            "aSnapshotShowsWhatMatches",
            "onlyTheCollectionsOwnChangesAreHeard",
            "bookmarksAdvanceWhileAnotherCollectionIsWritten",
            "positionsCoverWhatCameBeforeThem",
            "changesNameTheClientThatMadeThem",
            "keysAloneComeWithoutDocuments",
            "aPositionOfAnotherDatabaseIsAResync",
            "aTextThatIsNoPositionIsAResync",
            "manyWatchersHearAll",
            "aClosedWatchHearsNoMore",
            "closingAnIdleWatchDoesNotWait",
            "aFilterTellsWhatMatchesAndWhatMayHaveLeft",
            "anUpdateThatDoesNotMatchIsNeverDropped",
            "aDeleteIsNeverDropped",
            "aFilterIsJudgedOnTheDocumentThatIsShown",
            "aFilterOnKeysAloneLooksAtTheDocument",
            "bookmarksAdvanceWhereTheFilterLetsNothingThrough",
            "aListenerThatThrowsIsGivenTheChangeAgain",
            "aChangeThatKeepsThrowingIsSkipped",
            "aChangeThatKeepsThrowingStopsTheWatchThatSaysSo",
            "anUnreadableDocumentSilencesNobody",
            "aListenerThatThrowsTroublesNoOther",
            "aListenerThatInterruptsItselfMissesNothing",
            "aListenerThatInterruptsItselfIsNotGivenAChangeForEver",
            "aListenerCanCloseItsOwnWatch",
            "aListenerCanWriteToWhatItWatches",
            "theLagGrowsBehindASlowListenerAndIsSmallAtRest",
            "aSlowListenerHoldsUpNoOtherAndMissesNothing",
            "nothingIsLostRepeatedOrReordered",
            "aWatcherSlowerThanTheTrimListsAnewAndIsRight",
            "changesComeInTheTablesTypes",
            "controllersOfTwoClientsSeeEveryEntry",
            "aTrailTellsWhatHappenedToWhichDocument",
            "aTrailGoesOnWhereItEnded",
            "whatIsWrittenAgainIsInTheTrailOnce",
            "aLoggerStartsBehindAPosition",
            "aLoggerStartsAtATime",
            "aLoggerFromATimeThatIsToComeStartsNow",
            "secretsAreNeverWritten",
            "anEventIsOneLineOfALog",
            "anEventWhoseDocumentIsTooLargeIsWrittenWithoutIt",
            "aTrailThatCannotBeWrittenStopsTheLoggerBeforeTheEvent",
            "aHistoryThatIsGoneStopsTheLogger");

    static {
        OF_FEEDS.forEach(name -> REASONS.put(name, FEED));
        List.of(
                        "theWritesOfOneKeyAreDoneInTheirOrder",
                        "whatMatchesIsDeletedAndTheFeedShowsEach",
                        "whatAnOlderTypeCannotReadIsNamedAndHoldsUpNothing")
                .forEach(name -> REASONS.put(name, FEED));
        REASONS.put("documentsExpireAndTheFeedShowsIt", EXPIRY);
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String reason = context.getTestMethod()
                .map(method -> REASONS.get(method.getName()))
                .orElse(null);
        return reason == null
                ? ConditionEvaluationResult.enabled("the stand-in can show it")
                : ConditionEvaluationResult.disabled(reason);
    }
}
