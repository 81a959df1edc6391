package io.authzengine.storage.trust;

/**
 * A document must not be served, for a reason that lies in its signature. The message is a sentence without its end, and so is the
 * remedy.
 */
public final class UntrustedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    UntrustedException(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    /** Returns what to do about it. */
    public String remedy() {
        return remedy;
    }
}
