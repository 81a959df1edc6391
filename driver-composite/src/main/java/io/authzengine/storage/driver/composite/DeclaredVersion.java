package io.authzengine.storage.driver.composite;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A declared version as something that can be compared.
 *
 * @param numbers the numbers set apart by dots; empty if it is of another form
 * @param preRelease what follows a dash; empty if it is a release
 */
record DeclaredVersion(String numbers, String preRelease) implements Comparable<DeclaredVersion> {
    private static final Pattern FORM = Pattern.compile("[vV]?(\\d+(?:\\.\\d+)*)(?:-([0-9A-Za-z.-]+))?(?:\\+.*)?");
    private static final Comparator<String> BY_NUMBER =
            Comparator.<String>comparingInt(String::length).thenComparing(Comparator.naturalOrder());

    static DeclaredVersion of(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return new DeclaredVersion("", "");
        }
        return new DeclaredVersion(matcher.group(1), matcher.group(2) == null ? "" : matcher.group(2));
    }

    @Override
    public int compareTo(DeclaredVersion other) {
        if (numbers.isEmpty() || other.numbers.isEmpty()) {
            return Boolean.compare(other.numbers.isEmpty(), numbers.isEmpty());
        }
        int byNumbers = compare(numbers, other.numbers, "0");
        if (byNumbers != 0) {
            return byNumbers;
        }
        if (preRelease.isEmpty() || other.preRelease.isEmpty()) {
            return Boolean.compare(preRelease.isEmpty(), other.preRelease.isEmpty());
        }
        return compare(preRelease, other.preRelease, "");
    }

    private static int compare(String left, String right, String absent) {
        String[] lefts = left.split("\\.", -1);
        String[] rights = right.split("\\.", -1);
        for (int i = 0; i < Math.max(lefts.length, rights.length); i++) {
            int order = compareParts(i < lefts.length ? lefts[i] : absent, i < rights.length ? rights[i] : absent);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /** What is not there comes first, then numbers by their value, then words by their letters. */
    private static int compareParts(String left, String right) {
        if (isNumber(left) && isNumber(right)) {
            return BY_NUMBER.compare(withoutZeros(left), withoutZeros(right));
        }
        if (isNumber(left) || isNumber(right)) {
            boolean absent = left.isEmpty() || right.isEmpty();
            return Boolean.compare(isNumber(right) ^ absent, isNumber(left) ^ absent);
        }
        return left.compareTo(right);
    }

    private static boolean isNumber(String part) {
        return !part.isEmpty() && part.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static String withoutZeros(String number) {
        int from = 0;
        while (from < number.length() - 1 && number.charAt(from) == '0') {
            from++;
        }
        return number.substring(from);
    }
}
