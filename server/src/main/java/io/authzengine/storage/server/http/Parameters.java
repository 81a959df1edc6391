package io.authzengine.storage.server.http;

import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The parameters of a request, each of them known and given once. */
final class Parameters {
    private final Map<String, List<String>> given;

    private Parameters(Map<String, List<String>> given) {
        this.given = given;
    }

    /** @throws IllegalArgumentException if one is not among {@code known} or given twice */
    static Parameters of(Context context, String... known) {
        Set<String> names = new TreeSet<>(List.of(known));
        context.queryParamMap().forEach((name, values) -> {
            if (!names.contains(name)) {
                throw new IllegalArgumentException(
                        names.isEmpty()
                                ? "This takes no parameters"
                                : "Unknown parameter; there are " + String.join(", ", names));
            }
            if (values.size() > 1) {
                throw new IllegalArgumentException("Give the parameter '" + name + "' once");
            }
        });
        return new Parameters(context.queryParamMap());
    }

    Optional<String> text(String name) {
        return given.getOrDefault(name, List.of()).stream().findFirst();
    }

    /** Returns whether {@code name} is {@code true}; it is not if it is absent. */
    boolean flag(String name) {
        String value = text(name).orElse("false");
        if (!value.equals("true") && !value.equals("false")) {
            throw new IllegalArgumentException("'" + name + "' is true or false");
        }
        return value.equals("true");
    }

    /** Returns a whole number from 0 to {@code max}. */
    int number(String name, int fallback, int max) {
        Optional<String> value = text(name);
        if (value.isEmpty()) {
            return fallback;
        }
        try {
            int number = Integer.parseInt(value.get());
            if (number >= 0 && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + name + "' is a whole number from 0 to " + max, e);
        }
        throw new IllegalArgumentException("'" + name + "' is a whole number from 0 to " + max);
    }
}
