package io.authzengine.storage.parser;

import io.authzengine.storage.policy.Value;
import org.jspecify.annotations.Nullable;

/** What a plain scalar means by the core schema of YAML 1.2, which JSON's literals are part of. */
final class Scalars {
    private Scalars() {}

    static boolean isNull(String text) {
        return switch (text) {
            case "", "~", "null", "Null", "NULL" -> true;
            default -> false;
        };
    }

    /** Returns the truth value written as {@code text}; null if it is none. */
    static @Nullable Boolean truth(String text) {
        return switch (text) {
            case "true", "True", "TRUE" -> true;
            case "false", "False", "FALSE" -> false;
            default -> null;
        };
    }

    /** Returns the value of a plain scalar; null if it is a number JSON cannot say, such as {@code .inf}. */
    static @Nullable Value resolve(String text) {
        if (isNull(text)) {
            return Value.NULL;
        }
        Boolean truth = truth(text);
        if (truth != null) {
            return new Value.Bool(truth);
        }
        if (!isNumber(text)) {
            return new Value.Text(text);
        }
        double number = number(text);
        return Double.isFinite(number) ? new Value.Num(number) : null;
    }

    /** Returns whether {@code text} is an integer or a floating point number, infinities included. */
    static boolean isNumber(String text) {
        if (text.isEmpty() || text.charAt(0) > '9') { // nothing that starts a number comes after the digits
            return false;
        }
        return isDecimal(text) || isRadix(text, "0x", 16) || isRadix(text, "0o", 8) || isSpecial(text);
    }

    /** Returns whether {@code text} is written with a decimal point, so that other readers take it for a number. */
    static boolean hasPoint(String text) {
        return text.indexOf('.') >= 0 && isNumber(text);
    }

    private static double number(String text) {
        if (isRadix(text, "0x", 16)) {
            return integer(text, 16);
        }
        if (isRadix(text, "0o", 8)) {
            return integer(text, 8);
        }
        return isSpecial(text) ? Double.NaN : Double.parseDouble(text);
    }

    private static double integer(String text, int radix) {
        double value = 0;
        for (int i = 2; i < text.length(); i++) {
            value = value * radix + Character.digit(text.charAt(i), radix);
        }
        return value;
    }

    private static boolean isRadix(String text, String prefix, int radix) {
        if (text.length() < 3 || !text.startsWith(prefix)) {
            return false;
        }
        for (int i = 2; i < text.length(); i++) {
            char digit = text.charAt(i);
            if (digit > 'f' || Character.digit(digit, radix) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSpecial(String text) {
        int start = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
        return switch (text.substring(start)) {
            case ".inf", ".Inf", ".INF" -> true;
            case ".nan", ".NaN", ".NAN" -> start == 0;
            default -> false;
        };
    }

    private static boolean isDecimal(String text) {
        int start = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
        int whole = digits(text, start);
        int at = whole;
        if (at < text.length() && text.charAt(at) == '.') {
            at = digits(text, at + 1);
            if (whole == start && at == whole + 1) {
                return false; // a point alone
            }
        } else if (whole == start) {
            return false;
        }
        return at == text.length() || isExponent(text, at);
    }

    private static boolean isExponent(String text, int from) {
        if (text.charAt(from) != 'e' && text.charAt(from) != 'E') {
            return false;
        }
        int at = from + 1;
        if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
            at++;
        }
        return at < text.length() && digits(text, at) == text.length();
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }
}
