package io.authzengine.storage.driver.composite;

/** Two policies that cannot be merged without changing what one of them means; the message says in what they differ. */
final class Contradiction extends Exception {
    private static final long serialVersionUID = 1L;

    Contradiction(String message) {
        super(message);
    }
}
