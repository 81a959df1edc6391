package io.authzengine.storage.bundle;

import java.io.IOException;

/** An archive that is damaged, too large, or names what it must not. The message is part of a sentence, such as "it breaks off". */
public final class BundleException extends IOException {
    private static final long serialVersionUID = 1L;

    BundleException(String message) {
        super(message);
    }

    BundleException(String message, Throwable cause) {
        super(message, cause);
    }
}
