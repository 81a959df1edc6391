package io.authzengine.storage.faults.policy;

/**
 * Loss that comes in phases (Gilbert–Elliott): before each operation the connection may go from good to bad or back, and then loses
 * with what holds for its phase. Takes the place of {@code packet_loss}.
 *
 * @param goodToBad how often a good connection turns bad
 * @param badToGood how often a bad connection turns good
 * @param lossWhenGood how often a good connection loses
 * @param lossWhenBad how often a bad connection loses
 */
public record CorrelatedLoss(
        Probability goodToBad, Probability badToGood, Probability lossWhenGood, Probability lossWhenBad) {}
