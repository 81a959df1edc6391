package io.authzengine.storage.parser;

import java.util.Set;

/** What the names in a policy may look like, as Cerbos has it. A rule always speaks of the whole name. */
enum NameRule {
    /** A resource, principal or role that a policy is about. */
    SUBJECT("text without any of ! * ? [ ] { }") {
        @Override
        boolean accepts(String name) {
            for (int i = 0; i < name.length(); i++) {
                if ("!*?[]{}".indexOf(name.charAt(i)) >= 0) {
                    return false;
                }
            }
            return !name.isEmpty();
        }
    },
    /** A role, an action or a pattern of resources; {@code *} stands for anything. */
    LABEL("text that is not empty") {
        @Override
        boolean accepts(String name) {
            return !name.isEmpty();
        }
    },
    VERSION("letters, digits and '_'") {
        @Override
        boolean accepts(String name) {
            return !name.isEmpty() && wordEnd(name, 0, "") == name.length();
        }
    },
    /** As {@link #VERSION}, or nothing at all. */
    OPTIONAL_VERSION("letters, digits and '_'") {
        @Override
        boolean accepts(String name) {
            return wordEnd(name, 0, "") == name.length();
        }
    },
    /** A name under which definitions are imported. */
    EXPORT("letters, digits, '_', '-' and '.'") {
        @Override
        boolean accepts(String name) {
            return !name.isEmpty() && wordEnd(name, 0, "-.") == name.length();
        }
    },
    RULE("a letter, then letters, digits, '_', '-', '.' and '@'") {
        @Override
        boolean accepts(String name) {
            return name.isEmpty() || (isLetter(name.charAt(0)) && wordEnd(name, 1, "-.@") == name.length());
        }
    },
    SCOPE("parts of letters, digits, '_' and '-', with '.' between them, such as 'acme.hr'") {
        @Override
        boolean accepts(String name) {
            if (name.isEmpty() || name.equals(".")) {
                return true;
            }
            if (name.charAt(0) == '_') {
                return false;
            }
            int at = 0;
            while (at < name.length() && isWord(name.charAt(at))) {
                at = wordEnd(name, at, "-");
                if (at == name.length()) {
                    return true;
                }
                if (name.charAt(at++) != '.') {
                    return false;
                }
            }
            return false;
        }
    },
    /** A variable or constant, as expressions can name it. */
    VARIABLE("a letter or '_', then letters, digits and '_', and no word that CEL reserves") {
        @Override
        boolean accepts(String name) {
            return !name.isEmpty()
                    && (name.charAt(0) == '_' || isLetter(name.charAt(0)))
                    && wordEnd(name, 1, "") == name.length()
                    && !RESERVED.contains(name);
        }
    };

    static final int LONGEST = 512;

    private static final Set<String> RESERVED = Set.of(
            "as",
            "break",
            "const",
            "continue",
            "else",
            "false",
            "for",
            "function",
            "if",
            "import",
            "in",
            "let",
            "loop",
            "namespace",
            "null",
            "package",
            "return",
            "true",
            "var",
            "void",
            "while");

    private final String expected;

    NameRule(String expected) {
        this.expected = expected;
    }

    abstract boolean accepts(String name);

    /** Returns what is expected, as part of a sentence. */
    String expected() {
        return expected;
    }

    /** Returns whether {@code name} keeps this rule and those for all names. */
    boolean fullyAccepts(String name) {
        return name.length() <= LONGEST && accepts(name) && Hygiene.complaint(name) == null;
    }

    private static boolean isLetter(char at) {
        return (at >= 'a' && at <= 'z') || (at >= 'A' && at <= 'Z');
    }

    private static boolean isWord(char at) {
        return isLetter(at) || (at >= '0' && at <= '9') || at == '_';
    }

    /** Returns where the run of letters, digits, {@code _} and {@code more} that starts at {@code from} ends. */
    private static int wordEnd(String name, int from, String more) {
        int at = from;
        while (at < name.length() && (isWord(name.charAt(at)) || more.indexOf(name.charAt(at)) >= 0)) {
            at++;
        }
        return at;
    }
}
