package io.authzengine.storage.benchmarks.corpus;

import java.util.ArrayList;
import java.util.List;

/** Puts a document together and sees to its size: one that is too short gets notes, one that is too long loses its last parts. */
final class PolicyText {
    private static final int SHORTEST = 820;
    private static final int LONGEST = 4096;
    private static final int MOST_NOTES = 8;

    private final Dice dice;

    PolicyText(Dice dice) {
        this.dice = dice;
    }

    /**
     * Returns a whole document.
     *
     * @param begin what follows the header
     * @param parts rules or definitions, in order
     * @param atLeast so many of them stay, however long the document is
     */
    String of(String begin, List<String> parts, int atLeast) {
        String header = header();
        List<String> kept = new ArrayList<>(parts);
        String body = begin + String.join("", kept);
        while (header.length() + body.length() > LONGEST && kept.size() > atLeast) {
            kept.remove(kept.size() - 1);
            body = begin + String.join("", kept);
        }
        Lines notes = new Lines();
        for (int i = 1;
                header.length() + notes.toString().length() + body.length() < SHORTEST && i <= MOST_NOTES;
                i++) {
            notes.add(4, "note_" + i + ": " + Lines.quoted(Vocabulary.sentence(dice, 12, 22)));
        }
        return header + notes + body;
    }

    private String header() {
        return new Lines()
                .add(0, "---")
                .add(0, "apiVersion: api.cerbos.dev/v1")
                .add(0, "description: " + Lines.quoted(Vocabulary.sentence(dice, 8, 26)))
                .add(0, "metadata:")
                .add(2, "annotations:")
                .add(4, "owner: " + dice.one(Vocabulary.TEAMS))
                .add(4, "reference: CTL-" + dice.between(1000, 99999))
                .add(
                        4,
                        "reviewed: \"20" + dice.between(22, 25) + "-0" + dice.between(1, 9) + "-" + dice.between(10, 28)
                                + '"')
                .toString();
    }
}
