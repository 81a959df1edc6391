package io.authzengine.storage.server.http;

import io.authzengine.storage.driver.DriverConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Somebody who may tell that a look is worth while; an entry of {@code server.hooks}.
 *
 * @param driver the last name of the path that is told
 * @param provider in whose manner it is signed
 * @param secret what both sides know; never shown
 */
public record Hook(String driver, HookProvider provider, String secret) {
    private static final String NAME = "[A-Za-z0-9._-]+";

    public Hook {
        Objects.requireNonNull(provider, "provider");
        if (!driver.matches(NAME) || secret.isEmpty()) {
            throw new IllegalArgumentException("a hook has a name of letters, digits, '.', '_' and '-', and a secret");
        }
    }

    /** Reads the list {@code hooks} of {@code block}; notes there what is wrong with it. */
    static List<Hook> read(DriverConfig block) {
        List<Hook> hooks = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (DriverConfig entry : block.sections("hooks")) {
            String driver = entry.text("driver");
            HookProvider provider = entry.choice("provider", HookProvider.class, HookProvider.GENERIC);
            Optional<String> secret = entry.secret("secret");
            if (secret.isEmpty()) {
                entry.reject("secret", "is missing; expected ${ENV}: the text that was also given to the sender");
            }
            if (!driver.isEmpty() && !driver.matches(NAME)) {
                entry.reject("driver", "becomes part of the path /hooks/DRIVER: use letters, digits, '.', '_' and '-'");
            } else if (!names.add(driver)) {
                entry.reject("driver", "has a hook already; one path can have one secret");
            } else if (!driver.isEmpty() && secret.isPresent()) {
                hooks.add(new Hook(driver, provider, secret.get()));
            }
        }
        return hooks;
    }

    @Override
    public String toString() {
        return "/hooks/" + driver + " by " + provider;
    }
}
