package io.authzengine.storage.server;

import io.authzengine.storage.driver.DriverProviders;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class VersionText implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Policyd.class.getPackage().getImplementationVersion();
        return new String[] {
            "policyd " + (version == null ? "(not packaged)" : version),
            "Java " + Runtime.version(),
            "drivers: " + String.join(", ", DriverProviders.installed().types())
        };
    }
}
