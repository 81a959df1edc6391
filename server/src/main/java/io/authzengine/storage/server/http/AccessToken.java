package io.authzengine.storage.server.http;

import io.authzengine.storage.driver.DriverConfig;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Somebody who is let in; an entry of {@code server.tokens}.
 *
 * @param name who it is, as the audit names them
 * @param secret what they show; never shown by us
 * @param rights what they may do
 */
public record AccessToken(String name, String secret, Set<Right> rights) {
    private static final int LEAST_LENGTH = 16;

    public AccessToken {
        if (name.isBlank() || secret.length() < LEAST_LENGTH || rights.isEmpty()) {
            throw new IllegalArgumentException(
                    "a token has a name, at least " + LEAST_LENGTH + " characters, and a right");
        }
        rights = Set.copyOf(rights.contains(Right.CHANGE) ? EnumSet.allOf(Right.class) : rights);
    }

    /** Reads the list {@code tokens} of {@code block}; notes there what is wrong with it. */
    static List<AccessToken> read(DriverConfig block) {
        List<AccessToken> tokens = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (DriverConfig entry : block.sections("tokens")) {
            String name = entry.text("name");
            Optional<String> secret = entry.secret("token").map(String::strip);
            Set<Right> rights = rights(entry);
            if (secret.isEmpty()) {
                entry.reject("token", "is missing; expected ${ENV} or ${file:/path}: what whoever is let in shows");
            } else if (secret.get().length() < LEAST_LENGTH) {
                entry.reject("token", "could be guessed: use at least " + LEAST_LENGTH + " random characters");
            } else if (!names.add(name)) {
                entry.reject("name", "has a token already; the audit could not tell them apart");
            } else if (!name.isBlank() && !rights.isEmpty()) {
                tokens.add(new AccessToken(name, secret.get(), rights));
            }
        }
        return tokens;
    }

    private static Set<Right> rights(DriverConfig entry) {
        Set<Right> rights = EnumSet.noneOf(Right.class);
        for (String right : entry.texts("rights", List.of("read"))) {
            switch (right) {
                case "read" -> rights.add(Right.READ);
                case "change" -> rights.add(Right.CHANGE);
                default -> entry.reject("rights", "expected a list of \"read\" and \"change\"");
            }
        }
        return rights;
    }

    @Override
    public String toString() {
        return name + " with " + rights;
    }
}
