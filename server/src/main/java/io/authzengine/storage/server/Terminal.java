package io.authzengine.storage.server;

import picocli.CommandLine.Help.Ansi;

/** What may be done to the streams: a terminal shows colours and a line that changes, a file or pipe gets neither. */
final class Terminal {
    private static final String PROPERTY = "policyd.terminal";

    private Terminal() {}

    /** Returns whether standard output shows colours. */
    static boolean outShowsColours() {
        return isTerminal("out") && System.getenv("NO_COLOR") == null;
    }

    /** Returns whether standard error shows a line that changes. */
    static boolean errShowsProgress() {
        return isTerminal("err");
    }

    /** The start script knows which stream is a terminal; without it, Java can only tell whether all of them are. */
    private static boolean isTerminal(String stream) {
        String told = System.getProperty(PROPERTY);
        return told == null ? Ansi.AUTO.enabled() : told.contains(stream);
    }
}
