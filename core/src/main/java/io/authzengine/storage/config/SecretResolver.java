package io.authzengine.storage.config;

import java.io.IOException;

/**
 * Fetches values from a secret manager: {@code ${vault:kv/authz#token}} in a configuration asks the resolver whose scheme is
 * {@code vault}. Found by {@link java.util.ServiceLoader}; {@code file} is built in.
 */
public interface SecretResolver {
    /** Returns the word before the colon: lower case letters, digits and dashes. */
    String scheme();

    /**
     * Returns the value that {@code reference}, the text after the colon, stands for. May block, within bounds of its own.
     *
     * @throws IOException if there is no such value or it cannot be had; the message says why, is shown, and holds no secret
     */
    String resolve(String reference) throws IOException;
}
