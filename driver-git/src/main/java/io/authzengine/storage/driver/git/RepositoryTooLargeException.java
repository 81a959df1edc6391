package io.authzengine.storage.driver.git;

import java.io.IOException;

/** More has come from the remote than is allowed. */
final class RepositoryTooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    RepositoryTooLargeException() {
        super("more was sent than maxRepositorySize");
    }
}
