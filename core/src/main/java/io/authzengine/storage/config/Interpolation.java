package io.authzengine.storage.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces {@code ${ENV}}, {@code ${ENV:-default}} and {@code ${file:/path}} in a text; <code>$$&#123;</code> stands for <code>$&#123;</code>.
 * What a replacement yields is taken as it is: it is not searched again, and no message repeats it.
 */
final class Interpolation {
    private static final String OPEN = "${";
    private static final Pattern VARIABLE = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?", Pattern.DOTALL);
    private static final Pattern REFERENCE = Pattern.compile("([a-z][a-z0-9-]*):(.+)", Pattern.DOTALL);
    private static final Pattern UNESCAPED = Pattern.compile("(?<!\\$)\\$\\{");

    private final Map<String, String> environment;
    private final Map<String, SecretResolver> resolvers = new TreeMap<>();

    Interpolation(Map<String, String> environment, Iterable<SecretResolver> resolvers) {
        this.environment = Map.copyOf(environment);
        for (SecretResolver resolver : resolvers) {
            SecretResolver other = this.resolvers.putIfAbsent(resolver.scheme(), resolver);
            if (other != null) {
                throw new IllegalStateException("two secret resolvers have the scheme \"" + resolver.scheme() + "\": "
                        + other.getClass().getName() + " and "
                        + resolver.getClass().getName() + "; keep one of them on the class path");
            }
        }
    }

    /** Returns the interpolation with all secret resolvers there are; relative paths of files start at {@code directory}. */
    static Interpolation installed(Map<String, String> environment, Path directory) {
        List<SecretResolver> resolvers = new ArrayList<>(List.of(new FileSecrets(directory)));
        ServiceLoader.load(SecretResolver.class).forEach(resolvers::add);
        return new Interpolation(environment, resolvers);
    }

    /** Returns whether {@code raw} says all by itself. */
    static boolean isLiteral(String raw) {
        return !UNESCAPED.matcher(raw).find();
    }

    /** Returns {@code raw} with all replaced; empty if that cannot be, after telling {@code problems} each reason. */
    Optional<String> replace(String raw, Consumer<String> problems) {
        StringBuilder result = new StringBuilder();
        boolean complete = true;
        int at = 0;
        for (int open = raw.indexOf(OPEN); open >= 0; open = raw.indexOf(OPEN, at)) {
            if (open > at && raw.charAt(open - 1) == '$') {
                result.append(raw, at, open - 1).append(OPEN);
                at = open + OPEN.length();
                continue;
            }
            int close = raw.indexOf('}', open);
            if (close < 0) {
                problems.accept("'${' without a '}' after it; write '$${' if it is meant as it stands");
                return Optional.empty();
            }
            Optional<String> value = value(raw.substring(open + OPEN.length(), close), problems);
            complete &= value.isPresent();
            result.append(raw, at, open).append(value.orElse(""));
            at = close + 1;
        }
        return complete ? Optional.of(result.append(raw.substring(at)).toString()) : Optional.empty();
    }

    private Optional<String> value(String expression, Consumer<String> problems) {
        Matcher variable = VARIABLE.matcher(expression);
        if (variable.matches()) {
            return variable(variable.group(1), Optional.ofNullable(variable.group(2)), problems);
        }
        Matcher reference = REFERENCE.matcher(expression);
        if (reference.matches()) {
            return secret(reference.group(1), reference.group(2), problems);
        }
        problems.accept(shown(expression) + ": expected ${NAME}, ${NAME:-default} or ${file:/path}"
                + "; write '$${' if it is meant as it stands");
        return Optional.empty();
    }

    private Optional<String> variable(String name, Optional<String> fallback, Consumer<String> problems) {
        if (fallback.isPresent() && fallback.get().contains(OPEN)) {
            problems.accept(shown(name + ":-…") + ": a default cannot hold another '${'");
            return Optional.empty();
        }
        Optional<String> value = Optional.ofNullable(environment.get(name));
        if (fallback.isPresent()) {
            return value.filter(text -> !text.isEmpty()).or(() -> fallback);
        }
        if (value.isEmpty()) {
            problems.accept("the environment variable " + name + " is not set; set it, or give a default as in "
                    + shown(name + ":-default"));
        }
        return value;
    }

    private Optional<String> secret(String scheme, String reference, Consumer<String> problems) {
        SecretResolver resolver = resolvers.get(scheme);
        String expression = shown(scheme + ":" + reference);
        if (resolver == null) {
            problems.accept(expression + ": nothing resolves \"" + scheme + "\"; there are "
                    + String.join(", ", resolvers.keySet()));
            return Optional.empty();
        }
        try {
            return Optional.of(resolver.resolve(reference));
        } catch (IOException e) {
            problems.accept(expression + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private static String shown(String expression) {
        return OPEN + Shown.text(expression) + "}";
    }
}
