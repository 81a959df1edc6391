package io.authzengine.storage.policy;

/** What a rule that applies does; written {@code EFFECT_ALLOW} and {@code EFFECT_DENY} in documents. */
public enum Effect {
    ALLOW,
    DENY
}
