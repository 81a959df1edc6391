package io.authzengine.storage.internal;

import io.authzengine.storage.config.StoreSettings;
import io.authzengine.storage.error.ErrorCode;
import io.authzengine.storage.error.Finding;
import io.authzengine.storage.error.Place;
import io.authzengine.storage.gate.Candidate;
import io.authzengine.storage.gate.Gates;
import io.authzengine.storage.gate.PolicyGate;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks all gates in order, so that everything that is wrong is told at once; the guard against shrinking is asked apart. */
final class GateChain {
    private static final Logger LOG = LoggerFactory.getLogger(GateChain.class);

    private final List<PolicyGate> gates;
    private final PolicyGate guard;

    GateChain(StoreSettings settings, List<PolicyGate> ownGates) {
        List<PolicyGate> all = new ArrayList<>(Gates.standard());
        all.addAll(ownGates);
        this.gates = List.copyOf(all);
        this.guard = Gates.shrinkGuard(
                settings.guard().maxRemovedShare(), settings.guard().minRemoved());
    }

    /**
     * What the gates said.
     *
     * @param findings what was found in the documents and what they refer to
     * @param shrinkage what the guard found; it can be overcome by confirmation
     */
    record Verdict(List<Finding> findings, List<Finding> shrinkage) {
        boolean passes() {
            return findings.stream().noneMatch(Finding::isError);
        }

        /** Returns this verdict with what the guard found when it gave the other. */
        Verdict shrunkAs(Verdict other) {
            return new Verdict(findings, other.shrinkage());
        }

        List<Finding> all() {
            List<Finding> all = new ArrayList<>(findings);
            all.addAll(shrinkage);
            return all;
        }

        /** Returns the findings on a change that somebody made: who names what goes is warned by the guard, and not held up. */
        List<Finding> byHand() {
            List<Finding> all = new ArrayList<>(findings);
            shrinkage.stream().map(GateChain::asWarning).forEach(all::add);
            return all;
        }
    }

    private static Finding asWarning(Finding finding) {
        return Finding.warning(finding.code(), finding.place(), finding.message());
    }

    Verdict review(Candidate candidate) {
        List<Finding> findings = new ArrayList<>();
        gates.forEach(gate -> findings.addAll(ask(gate, candidate)));
        return new Verdict(findings, ask(guard, candidate));
    }

    private static List<Finding> ask(PolicyGate gate, Candidate candidate) {
        try {
            return gate.review(candidate);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("The gate {} threw; the candidate is refused", gate.name(), e);
            return List.of(Finding.error(
                            ErrorCode.VALIDATION_ERROR,
                            Place.of("the set"),
                            "the gate '" + gate.name() + "' failed with " + e)
                    .fix("mend the gate; the log has the stack trace"));
        }
    }
}
