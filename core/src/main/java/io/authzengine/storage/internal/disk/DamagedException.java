package io.authzengine.storage.internal.disk;

/** A file is not what was once written there, or was written by somebody else for something else. */
final class DamagedException extends Exception {
    private static final long serialVersionUID = 1;

    DamagedException(String file, String reason) {
        super(file + " " + reason);
    }

    DamagedException(String file, RuntimeException reason) {
        super(file + " cannot be understood: " + reason, reason);
    }
}
