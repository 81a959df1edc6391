package io.authzengine.storage;

/**
 * What was confirmed is not what is being held back: the source has moved on since somebody looked at it. Nothing of either is served;
 * look at what is held back now. Not a {@code StorageException}: no backend failed, and the same confirmation will never succeed.
 */
public final class ConfirmationConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String held;

    /**
     * @param confirmed the digest that was confirmed
     * @param held the digest of what is being held back
     * @param policies how many policies that has
     */
    public ConfirmationConflictException(String confirmed, String held, int policies) {
        super("what is held back now is not " + confirmed + " but another set, " + held + ", with " + policies
                + (policies == 1 ? " policy" : " policies") + "; neither is served: look at it, and confirm that");
        this.held = held;
    }

    /** Returns the digest of what is being held back. */
    public String held() {
        return held;
    }
}
