package io.authzengine.storage.parser;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an identifier may not hide: nobody who reads a policy must take one name for another. */
final class Hygiene {
    private static final Set<UnicodeScript> LOOKALIKES =
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.CYRILLIC, UnicodeScript.GREEK, UnicodeScript.ARMENIAN);

    private Hygiene() {}

    /** Returns what is wrong with {@code text} as part of a sentence; null if nothing is. */
    static @Nullable String complaint(String text) {
        boolean ascii = true;
        for (int i = 0; i < text.length(); i++) {
            char at = text.charAt(i);
            if (at < ' ' || at == 0x7F) {
                return "holds a control character";
            }
            ascii &= at < 0x80;
        }
        return ascii ? null : complaintBeyondAscii(text);
    }

    private static @Nullable String complaintBeyondAscii(String text) {
        if (text.codePoints().anyMatch(Hygiene::isHidden)) {
            return "holds a character that cannot be seen or that reorders what is shown";
        }
        if (text.codePoints().anyMatch(point -> (point >= 0x80 && point <= 0x9F) || !Character.isDefined(point))) {
            return "holds a control character or one that Unicode does not define";
        }
        return Normalizer.isNormalized(text, Normalizer.Form.NFC) ? null : "is not in Unicode's normal form NFC";
    }

    /** Returns whether letters of different scripts look alike in it, such as Latin and Cyrillic. */
    static boolean mixesLookalikes(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return scripts(text) > 1;
            }
        }
        return false;
    }

    /** Returns of how many of the scripts whose letters look alike there are letters in {@code text}. */
    private static long scripts(String text) {
        return text.codePoints()
                .mapToObj(UnicodeScript::of)
                .filter(LOOKALIKES::contains)
                .distinct()
                .count();
    }

    /** Returns whether a code point is shown as nothing, by Unicode's Default_Ignorable_Code_Point, or steers direction. */
    static boolean isHidden(int point) {
        if (point < 0x2000) {
            return point == 0xAD
                    || point == 0x34F
                    || point == 0x61C
                    || within(point, 0x115F, 0x1160)
                    || within(point, 0x17B4, 0x17B5)
                    || within(point, 0x180B, 0x180F);
        }
        return within(point, 0x200B, 0x200F)
                || within(point, 0x2028, 0x202E)
                || within(point, 0x2060, 0x206F)
                || point == 0x3164
                || within(point, 0xFE00, 0xFE0F)
                || point == 0xFEFF
                || point == 0xFFA0
                || within(point, 0xFFF0, 0xFFF8)
                || within(point, 0x1BCA0, 0x1BCA3)
                || within(point, 0x1D173, 0x1D17A)
                || within(point, 0xE0000, 0xE0FFF);
    }

    private static boolean within(int point, int from, int to) {
        return point >= from && point <= to;
    }
}
