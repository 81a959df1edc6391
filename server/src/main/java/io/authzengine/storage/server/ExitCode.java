package io.authzengine.storage.server;

/** What the process says at its end. */
final class ExitCode {
    /** All went well. */
    static final int OK = 0;
    /** Policies have errors, were refused, or the one asked for is not there. */
    static final int FINDINGS = 1;
    /** The command line or the configuration will not do. */
    static final int USAGE = 2;
    /** The backend, or the policyd that was asked, cannot be reached, refuses the credentials, or lacks what is configured. */
    static final int BACKEND = 3;

    private ExitCode() {}
}
