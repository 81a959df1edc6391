package io.authzengine.storage.policy;

import java.util.Optional;

/**
 * Expressions a rule evaluates to tell the caller something.
 *
 * @param expression the deprecated {@code output.expr}
 * @param ruleActivated evaluated when the rule applies
 * @param conditionNotMet evaluated when all but the condition holds
 */
public record Output(Optional<String> expression, Optional<String> ruleActivated, Optional<String> conditionNotMet) {}
