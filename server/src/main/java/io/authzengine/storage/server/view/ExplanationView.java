package io.authzengine.storage.server.view;

import io.authzengine.storage.driver.Explanation;
import io.authzengine.storage.policy.Policy;
import io.authzengine.storage.policy.Provenance;
import io.authzengine.storage.snapshot.PolicySnapshot;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why a policy says what it says.
 *
 * @param id its name in the set
 * @param served whether this is what is served at present
 * @param policy what there is under this id; null if nothing
 * @param sources all that speak about it, the one that comes first before the others
 * @param rules each rule or definition with its origin
 * @param findings what is wrong with documents that concern it
 */
public record ExplanationView(
        String id,
        boolean served,
        @Nullable PolicyView policy,
        List<Source> sources,
        List<Explanation.Rule> rules,
        List<FindingView> findings) {
    /**
     * A document that speaks.
     *
     * @param standing {@code won}, {@code merged}, {@code shadowed} or {@code contested}
     * @param reason why
     * @param policy what it says, without its text
     */
    public record Source(String standing, String reason, PolicyView policy) {
        private static Source of(Explanation.Source source) {
            return new Source(
                    source.standing().name().toLowerCase(Locale.ROOT),
                    source.reason(),
                    PolicyView.of(source.policy().metadata()));
        }
    }

    /** Returns the view of {@code explanation}, beside what is served. */
    public static ExplanationView of(Explanation explanation, PolicySnapshot current) {
        return new ExplanationView(
                explanation.id().value(),
                explanation
                        .policy()
                        .flatMap(policy -> current.find(policy.id()).filter(policy::sameAs))
                        .isPresent(),
                explanation.policy().map(Policy::metadata).map(PolicyView::of).orElse(null),
                explanation.sources().stream().map(Source::of).toList(),
                explanation.rules(),
                explanation.findings().stream().map(FindingView::of).toList());
    }

    /** Returns {@code origin} as people name a place. */
    public static String place(Provenance origin) {
        return origin.document() + ":" + origin.line();
    }
}
