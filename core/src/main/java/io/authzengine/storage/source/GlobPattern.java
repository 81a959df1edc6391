package io.authzengine.storage.source;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Makes a regular expression of a glob, the same on every platform. */
final class GlobPattern {
    private final String glob;
    private final StringBuilder regex = new StringBuilder();
    private int at;
    private boolean inChoice;

    private GlobPattern(String glob) {
        this.glob = glob;
    }

    /** @throws IllegalArgumentException if {@code glob} cannot be understood */
    static Pattern compile(String glob) {
        if (glob.isBlank()) {
            throw new IllegalArgumentException("an exclude pattern is empty; write one like **/drafts/**");
        }
        String anchored = glob.indexOf('/') < 0 ? "**/" + glob : glob.startsWith("/") ? glob.substring(1) : glob;
        GlobPattern pattern = new GlobPattern(anchored);
        try {
            pattern.translate();
            return Pattern.compile(pattern.regex.toString(), Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("the exclude pattern '" + glob + "' cannot be understood", e);
        }
    }

    private void translate() {
        while (at < glob.length()) {
            char next = glob.charAt(at++);
            switch (next) {
                case '*' -> star();
                case '?' -> regex.append("[^/]");
                case '[' -> characters();
                case '{' -> openChoice();
                case '}' -> closeChoice();
                case ',' -> regex.append(inChoice ? "|" : ",");
                case '\\' -> literal(at < glob.length() ? glob.charAt(at++) : next);
                default -> literal(next);
            }
        }
        if (inChoice) {
            throw wrong("a '{' is not closed");
        }
    }

    private void star() {
        if (!glob.startsWith("*", at)) {
            regex.append("[^/]*");
        } else if (glob.startsWith("*/", at) && (at == 1 || glob.charAt(at - 2) == '/')) {
            at += 2;
            regex.append("(?:.*/)?");
        } else {
            at++;
            regex.append(".*");
        }
    }

    private void characters() {
        int end = glob.indexOf(']', at + 1);
        if (end < 0) {
            throw wrong("a '[' is not closed");
        }
        String set = glob.substring(at, end);
        boolean negated = set.startsWith("!");
        String members = negated ? set.substring(1) : set;
        regex.append(negated ? "[^/" : "[")
                .append(members.replaceAll("([\\[\\\\&^])", "\\\\$1"))
                .append(']');
        at = end + 1;
    }

    private void openChoice() {
        if (inChoice) {
            throw wrong("a '{' stands within another");
        }
        inChoice = true;
        regex.append("(?:");
    }

    private void closeChoice() {
        regex.append(inChoice ? ")" : "\\}");
        inChoice = false;
    }

    private void literal(char c) {
        if (!Character.isLetterOrDigit(c) && c < 128) {
            regex.append('\\');
        }
        regex.append(c);
    }

    private PatternSyntaxException wrong(String what) {
        return new PatternSyntaxException(what, glob, at - 1);
    }
}
