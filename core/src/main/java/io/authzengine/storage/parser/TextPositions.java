package io.authzengine.storage.parser;

/** Lines and columns of a text by offset. Walks on from where it was last asked, so that a pass over a text costs one pass. */
final class TextPositions {
    private final String text;
    private int offset;
    private int line = 1;
    private int column = 1;

    TextPositions(String text) {
        this.text = text;
    }

    /** Returns the position of {@code target}, counted in chars; columns count code points. */
    long at(int target) {
        if (target < offset) {
            offset = 0;
            line = 1;
            column = 1;
        }
        int end = Math.min(target, text.length());
        while (offset < end) {
            step(text.charAt(offset));
            offset++;
        }
        return Event.position(line, column);
    }

    long end() {
        return at(text.length());
    }

    private void step(char at) {
        boolean newLine = at == '\n' || (at == '\r' && !text.startsWith("\n", offset + 1));
        if (newLine) {
            line++;
            column = 1;
        } else if (!Character.isLowSurrogate(at)) {
            column++;
        }
    }
}
