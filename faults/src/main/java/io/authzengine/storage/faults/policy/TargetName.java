package io.authzengine.storage.faults.policy;

import java.net.IDN;
import java.util.Locale;

/** A host name as rules compare it: ASCII, lower case, without the dot at the end. */
final class TargetName {
    private static final int LONGEST = 253;
    private static final String WILDCARD = "*.";

    private TargetName() {}

    static String normalized(String name) {
        String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return IDN.toASCII(plain, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
    }

    /** Returns the form of a rule, which may begin with {@code *.}, or throws. */
    static String ofRule(String name) {
        boolean wildcard = name.startsWith(WILDCARD);
        String rest = normalized(wildcard ? name.substring(WILDCARD.length()) : name);
        Limits.require(!rest.isEmpty() && rest.length() <= LONGEST, "a name has 1 to " + LONGEST + " characters");
        Limits.require(
                rest.chars().allMatch(TargetName::isAllowed) && !rest.startsWith(".") && !rest.contains(".."),
                "\"" + name + "\" is not a host name; a \"*\" may only stand for the first part, as in *.example.com");
        Limits.require(!wildcard || rest.contains("."), "what follows \"*.\" contains a dot, as in *.example.com");
        return wildcard ? WILDCARD + rest : rest;
    }

    /** Returns whether a rule for {@code rule} holds for {@code name}; a wildcard holds at any depth below, not for the name itself. */
    static boolean matches(String rule, String name) {
        return isWildcard(rule)
                ? name.length() > rule.length() - 1 && name.endsWith(rule.substring(1))
                : name.equals(rule);
    }

    static boolean isWildcard(String rule) {
        return rule.startsWith(WILDCARD);
    }

    private static boolean isAllowed(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    }
}
