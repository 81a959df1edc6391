package io.authzengine.storage.server.http;

/** What was built. */
final class BuildInfo {
    private BuildInfo() {}

    /** Returns the version of policyd; {@code development} if it runs from classes that were never packaged. */
    static String version() {
        String version = BuildInfo.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
